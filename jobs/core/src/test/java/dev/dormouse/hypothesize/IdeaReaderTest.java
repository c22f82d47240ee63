package dev.dormouse.hypothesize;

import static dev.dormouse.hypothesize.IdeaFixture.BASELINE;
import static dev.dormouse.hypothesize.IdeaFixture.context;
import static dev.dormouse.hypothesize.IdeaFixture.idea;
import static dev.dormouse.hypothesize.IdeaFixture.model;
import static dev.dormouse.hypothesize.IdeaFixture.read;
import static dev.dormouse.hypothesize.IdeaFixture.reply;
import static dev.dormouse.hypothesize.IdeaFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.dormouse.hypothesize.IdeaReader.Reading;
import dev.dormouse.hypothesize.IdeaRefusal.Kind;
import dev.dormouse.hypothesize.LlmIdeas.KnownArms;
import dev.dormouse.hypothesize.LlmIdeas.Proposed;
import dev.dormouse.llm.LlmRequest;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Source;
import dev.dormouse.stats.Recalibration;
import dev.dormouse.table.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdeaReaderTest {
  private static final List<String> TEXTS =
      List.of("claim", "mechanism", "disconfirming", "why_different");
  private static final Map<String, Object> GOOD = idea("embedding_dim", "32");
  private static final Arm WIDER = BASELINE.with("embedding_dim", "32");

  @Test
  void readsWhatTheSchemaAsksFor() {
    Reading reading = read(GOOD);

    assertThat(reading.refusals()).isEmpty();
    Idea idea = reading.ideas().get(0);
    assertThat(idea.arm()).isEqualTo(WIDER);
    assertThat(idea.sources()).containsExactly("i-1", "card-1");
    assertThat(idea.claims().gainP90()).isEqualTo(0.004);
    assertThat(idea.nearestRun()).contains("run-1");
  }

  @Test
  void noPayloadInAnyTextOfAReplyHasAnEffect() {
    List<String> payloads = Injections.forbidden();
    assertThat(payloads).hasSizeGreaterThanOrEqualTo(200).doesNotHaveDuplicates();
    Hypothesis normal = propose(GOOD).hypotheses().get(0);
    for (String payload : payloads) {
      for (String field : TEXTS) {
        Proposed proposed = propose(with(GOOD, field, payload));
        assertThat(proposed.hypotheses()).as("%s: %s", field, payload).isEmpty();
        assertThat(proposed.refusals()).hasSize(1);
      }
    }
    for (String payload : Injections.all()) {
      for (String field : TEXTS) {
        for (Hypothesis hypothesis : propose(with(GOOD, field, payload)).hypotheses()) {
          assertNormal(hypothesis, normal);
        }
      }
      assertThat(propose(with(GOOD, "sources", List.of(payload))).hypotheses()).isEmpty();
      assertThat(propose(with(GOOD, "nearest_run", payload)).hypotheses()).isEmpty();
      assertThat(propose(with(GOOD, payload, payload)).hypotheses()).isEmpty();
      assertThat(propose(idea(payload, "32")).hypotheses()).isEmpty();
      assertThat(propose(idea("embedding_dim", payload)).hypotheses()).isEmpty();
      assertThat(propose(idea("model", payload)).hypotheses()).isEmpty();
    }
  }

  /** Whatever is said of it, it is the same arm, at the same cost, with the same expectation. */
  private static void assertNormal(Hypothesis hypothesis, Hypothesis normal) {
    assertThat(hypothesis.arm()).isEqualTo(WIDER);
    assertThat(hypothesis.source()).isEqualTo(Source.LLM);
    assertThat(hypothesis.claim()).isEqualTo(normal.claim());
    assertThat(hypothesis.evidence()).isEqualTo(normal.evidence());
    assertThat(hypothesis.forecast()).isEqualTo(normal.forecast());
    assertThat(hypothesis.terms()).isEqualTo(normal.terms());
    assertThat(hypothesis.rationale()).doesNotContainPattern("[\\p{Cntrl}\\p{Cf}]");
  }

  @Test
  void noPayloadInWhatAModelIsToldLeavesItsFence() {
    String instructions = outsideFences(IdeaPrompt.ideas(context(), 6));
    for (String payload : Injections.all()) {
      LlmRequest request = IdeaPrompt.ideas(context(payload), 6);

      assertThat(outsideFences(request)).as(payload).isEqualTo(instructions);
      assertThat(request.schemaJson()).isEqualTo(IdeaPrompt.ideas(context(), 6).schemaJson());
      assertThat(request.requestHash())
          .as("asked once only")
          .isEqualTo(IdeaPrompt.ideas(context(payload), 6).requestHash());
    }
  }

  private static String outsideFences(LlmRequest request) {
    String nonce = request.prompt().replaceAll("(?s).*?<<([0-9a-f]{20}) goal>>.*", "$1");
    assertThat(nonce).hasSize(20);
    return request
        .prompt()
        .replaceAll("(?s)<<" + nonce + " (\\w+)>>\n[^\n]*\n<<" + nonce + " end of \\1>>", "<$1>");
  }

  @Test
  void textsThatOnlySoundTechnicalAreTaken() {
    for (String text :
        List.of(
            "AUC rises by 0.002 if the rate goes from 1e-3 -> 3e-3, i.e. gain > noise",
            "Batch norm w/o dropout; see the effect of `embedding_dim` on rare ids",
            "On small data: the system overfits, limits of the model's capacity are reached",
            "Full-rank crosses (DCN-V2) beat an MLP & FM | on many fields",
            "There is a ratio of 1/3 between input/output sizes")) {
      assertThat(read(with(GOOD, "mechanism", text)).refusals()).as(text).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "embedding_dim, 48, OUTSIDE_THE_SPACE",
    "embedding_dim, 16, NO_CHANGE",
    "learning_rate, 1, OUTSIDE_THE_SPACE",
    "learning_rate, NaN, OUTSIDE_THE_SPACE",
    "learning_rate, 0.0010, NO_CHANGE",
    "model, dcnv2, OUTSIDE_THE_SPACE",
    "batch_size, 64, UNKNOWN_PARAMETER",
    "budget, 1000, TOUCHES_A_CAP",
    "max_parallel, 64, TOUCHES_A_CAP",
    "training.timeout, 40d, TOUCHES_A_CAP",
    "dag_id, other, UNKNOWN_PARAMETER",
  })
  void nothingLeavesTheSearchSpace(String parameter, String to, Kind kind) {
    Reading reading = read(idea(parameter, to));

    assertThat(reading.ideas()).isEmpty();
    assertThat(reading.refusals()).extracting(IdeaRefusal::kind).containsExactly(kind);
  }

  @Test
  void theSchemaAllowsWhatTheReaderTakesAndNoOtherChoice() {
    for (Object width : List.of("32", 32)) {
      Map<String, Object> idea = with(GOOD, "changes", Map.of("embedding_dim", width));
      assertThat(problems(idea)).as("%s", width).isEmpty();
      assertThat(read(idea).ideas()).extracting(Idea::arm).containsExactly(WIDER);
    }
    assertThat(problems(with(GOOD, "changes", Map.of("learning_rate", 0.01)))).isEmpty();
    assertThat(problems(with(GOOD, "changes", Map.of("learning_rate", "1e-2")))).isEmpty();
    assertThat(problems(with(GOOD, "changes", Map.of("embedding_dim", 48)))).isNotEmpty();
    assertThat(problems(with(GOOD, "changes", Map.of("gpu_hours", 48)))).isNotEmpty();
    assertThat(problems(with(GOOD, "changes", Map.of()))).isNotEmpty();
    assertThat(problems(with(GOOD, "sources", List.of("run-1")))).isNotEmpty();
    assertThat(problems(with(GOOD, "nearest_run", "belief1"))).isNotEmpty();
  }

  private static List<Error> problems(Map<String, Object> idea) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(IdeaPrompt.ideas(context(), 6).schemaJson())
        .validate(Json.mapper().valueToTree(Map.of("ideas", List.of(idea))));
  }

  @Test
  void numbersMustBeAForecast() {
    assertThat(kinds(with(GOOD, "gain_p10", 1))).containsExactly(Kind.INVALID_FORECAST);
    assertThat(kinds(with(GOOD, "p_success", 1.5))).containsExactly(Kind.INVALID_FORECAST);
    assertThat(kinds(with(GOOD, "p_crash", "low"))).containsExactly(Kind.INVALID_FORECAST);
    assertThat(kinds(with(GOOD, "cost_gpu_hours", 1e9))).containsExactly(Kind.TOO_EXPENSIVE);
    assertThat(kinds(with(GOOD, "sources", List.of("i-1")))).containsExactly(Kind.UNKNOWN_SOURCE);
    assertThat(kinds(with(GOOD, "nearest_run", "belief1"))).containsExactly(Kind.UNKNOWN_SOURCE);
    assertThat(kinds(with(GOOD, "approved", true))).containsExactly(Kind.TOUCHES_A_CAP);
    assertThat(kinds(with(GOOD, "note", "x"))).containsExactly(Kind.SCHEMA_VIOLATION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "\u0000",
        "{\"ideas\": 1}",
        "{\"ideas\": []} trailing",
        "{\"ideas\": [], \"approve\": true}",
        "{\"ideas\": [], \"ideas\": []}",
        "I would rather not."
      })
  void garbageIsARefusalAndNoFailure(String garbage) {
    assertThat(IdeaReader.read(context(), garbage, 6).refusals())
        .extracting(IdeaRefusal::kind)
        .containsExactly(Kind.SCHEMA_VIOLATION);
    assertThat(IdeaReader.read(context(), "{\"ideas\": [" + "[".repeat(5000) + "]}", 6).refusals())
        .hasSize(1);
  }

  @Test
  void noMoreIdeasThanWereAskedFor() {
    Reading reading = IdeaReader.read(context(), reply(GOOD, GOOD, GOOD), 2);

    assertThat(reading.ideas()).hasSize(2);
    assertThat(reading.refusals()).extracting(IdeaRefusal::kind).containsExactly(Kind.TOO_MANY);
  }

  private static List<Kind> kinds(Map<String, Object> idea) {
    return read(idea).refusals().stream().map(IdeaRefusal::kind).toList();
  }

  private static Proposed propose(Map<String, Object> idea) {
    return LlmIdeas.propose(
        context(),
        KnownArms.NONE,
        model(request -> request.purpose().equals("propose") ? reply(idea) : "{}"),
        Optional.empty(),
        Recalibration.learn(List.of(), IdeaFixture.NOISE));
  }
}
