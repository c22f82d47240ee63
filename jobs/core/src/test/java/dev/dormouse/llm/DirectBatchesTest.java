package dev.dormouse.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.config.BadInputException;
import dev.dormouse.config.LlmSettings;
import dev.dormouse.config.LlmSettingsBuilder;
import dev.dormouse.llm.fixture.FakeModelServer;
import dev.dormouse.llm.fixture.FakeModelServer.Faults;
import dev.dormouse.llm.fixture.SampleQuestions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DirectBatchesTest {
  private static final String GOOD = "{\"answer\":\"yes\"}";
  @TempDir Path lake;

  private DirectBatches batches(LlmSettings settings) {
    return new DirectBatches(lake, settings, Clock.systemUTC());
  }

  private static LlmSettings settings(FakeModelServer server) {
    return SampleQuestions.settings(server.url(), 1_000_000, 4);
  }

  private static LlmSettings speaking(
      LlmSettings.Provider provider, String url, String keyVariable) {
    return LlmSettingsBuilder.builder(SampleQuestions.settings(url, 1_000_000, 4))
        .provider(provider)
        .url(provider == LlmSettings.Provider.OLLAMA ? url : url + "/v1")
        .apiKeyVariable(keyVariable)
        .timeout(Duration.ofSeconds(5))
        .build();
  }

  @ParameterizedTest
  @EnumSource(LlmSettings.Provider.class)
  void speaksToEachProviderAndShowsItTheSchema(LlmSettings.Provider provider) throws IOException {
    try (FakeModelServer server = new FakeModelServer(Faults.none(), prompt -> GOOD)) {
      LlmReply reply =
          batches(speaking(provider, server.url(), ""))
              .ask(SampleQuestions.requests("hello", 1))
              .get(0);
      assertThat(reply.status()).as(reply.detail()).isEqualTo(LlmStatus.OK);
      assertThat(reply.json()).contains(GOOD);
      assertThat(reply.inputTokens()).isPositive();
      assertThat(reply.costMicroUsd()).isPositive();
      assertThat(server.lastBody()).contains("hello 0", "additionalProperties", "100");
      assertThat(server.lastBody().replaceAll("[\\s\\\\]", ""))
          .contains("\"required\":[\"answer\"]");
    }
  }

  @Test
  void repairsOnceAndRemembersThatItWasInVain() throws IOException {
    try (FakeModelServer server =
        new FakeModelServer(
            Faults.none(),
            prompt -> prompt.contains("mend") && prompt.contains("It is not JSON") ? GOOD : "no")) {
      DirectBatches batches = batches(settings(server));
      List<LlmReply> mended = batches.ask(SampleQuestions.requests("mend", 1));
      List<LlmReply> hopeless = batches.ask(SampleQuestions.requests("never", 1));
      assertThat(mended.get(0).status()).isEqualTo(LlmStatus.REPAIRED);
      assertThat(hopeless.get(0).status()).isEqualTo(LlmStatus.INVALID);
      assertThat(hopeless.get(0).json()).isEmpty();
      assertThat(server.billed()).isEqualTo(4);
      assertThat(batches.ask(SampleQuestions.requests("never", 1)).get(0).cached()).isTrue();
      assertThat(server.billed()).isEqualTo(4);
    }
  }

  @Test
  void aDroppedConnectionIsNotSentAgainAndStaysBooked() throws IOException {
    try (FakeModelServer server =
        new FakeModelServer(new Faults(1e9, Duration.ZERO, 0, 0, 1, 1), prompt -> GOOD)) {
      LlmReply reply = batches(settings(server)).ask(SampleQuestions.requests("lost", 1)).get(0);
      assertThat(reply.status()).isEqualTo(LlmStatus.UNANSWERED);
      LlmSpending.Line line = LlmSpending.of(lake).campaigns().get("bench");
      assertThat(line.calls()).isEqualTo(1);
      assertThat(line.unsettledMicroUsd()).isPositive();
    }
  }

  @Test
  void errorsAreTriedAgainAndABrokenServiceIsLeftAlone() throws IOException {
    try (FakeModelServer server =
        new FakeModelServer(new Faults(1e9, Duration.ZERO, 0, 1, 0, 1), prompt -> GOOD)) {
      List<LlmReply> replies = batches(settings(server)).ask(SampleQuestions.requests("down", 40));
      assertThat(replies)
          .hasSize(40)
          .allMatch(reply -> reply.status() == LlmStatus.UNAVAILABLE && reply.costMicroUsd() == 0);
      assertThat(server.requests()).isBetween(10L, 30L);
      assertThat(LlmSpending.of(lake).campaigns().get("bench").unsettledMicroUsd()).isZero();
    }
  }

  @Test
  void comesBackWhenTheServerHasTimeAgain() throws IOException {
    try (FakeModelServer server = new FakeModelServer(Faults.none(), prompt -> GOOD)) {
      server.refuseNext(3);
      List<LlmReply> replies = batches(settings(server)).ask(SampleQuestions.requests("busy", 30));
      assertThat(replies).allMatch(reply -> reply.status() == LlmStatus.OK);
      assertThat(server.refusals()).isEqualTo(3);
      assertThat(server.billed()).isEqualTo(30);
    }
  }

  @Test
  void nobodyAtHomeIsNotBilled() {
    LlmReply reply =
        batches(SampleQuestions.settings("http://127.0.0.1:1", 60_000, 1))
            .ask(SampleQuestions.requests("nobody", 1))
            .get(0);
    assertThat(reply.status()).isEqualTo(LlmStatus.UNAVAILABLE);
    assertThat(reply.detail()).contains("no connection to http://127.0.0.1:1");
  }

  @Test
  void aMissingKeyIsSaidBeforeAnythingIsAsked() {
    assertThatThrownBy(
            () ->
                batches(
                    speaking(
                        LlmSettings.Provider.OPENAI, "http://127.0.0.1:1", "DORMOUSE_NO_SUCH_KEY")))
        .isInstanceOfSatisfying(
            BadInputException.class,
            bad -> assertThat(bad.problems().toString()).contains("DORMOUSE_NO_SUCH_KEY"));
  }

  @Test
  void aBadSchemaIsRefusedWithoutACall() {
    LlmReply reply =
        batches(SampleQuestions.settings("http://127.0.0.1:1", 60_000, 1))
            .ask(List.of(new LlmRequest("p", "c", "", "x", "{", 5)))
            .get(0);
    assertThat(reply.status()).isEqualTo(LlmStatus.REFUSED);
    assertThat(reply.detail()).contains("schema");
  }
}
