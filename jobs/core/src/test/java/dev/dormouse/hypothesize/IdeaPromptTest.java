package dev.dormouse.hypothesize;

import static dev.dormouse.hypothesize.IdeaFixture.BASELINE;
import static dev.dormouse.hypothesize.IdeaFixture.idea;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.hypothesize.IdeaContext.Belief;
import dev.dormouse.llm.LlmRequest;
import dev.dormouse.model.Digests;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.SearchSpace;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IdeaPromptTest {
  /** Questions that lakes of earlier versions hold answers to are not asked again. */
  @ParameterizedTest(name = "{0}")
  @MethodSource
  void requestsKeepTheirHashes(String name, LlmRequest request, String schema, String hash) {
    assertThat(Digests.sha256(request.schemaJson()).substring(0, 12))
        .as("schema")
        .isEqualTo(schema);
    assertThat(request.requestHash().substring(0, 12)).as(request.prompt()).isEqualTo(hash);
  }

  static Stream<Arguments> requestsKeepTheirHashes() {
    Idea first = IdeaFixture.read(idea("embedding_dim", "32")).ideas().get(0);
    Idea second = IdeaFixture.read(idea("model", "dcn")).ideas().get(0);
    return Stream.of(
        Arguments.of(
            "ideas", IdeaPrompt.ideas(IdeaFixture.context(), 6), "cf1f7678c386", "13b546b43e73"),
        Arguments.of(
            "nothing known", IdeaPrompt.ideas(nothingKnown(), 3), "d14b4e6eeb41", "1dee6ca3f89c"),
        Arguments.of(
            "one known run", IdeaPrompt.ideas(oneRun(), 3), "51f5da8a8278", "03bd34d72b1e"),
        Arguments.of(
            "listed arms", IdeaPrompt.ideas(listedArms(), 6), "fc46ab32dcc3", "089a7f072bf6"),
        Arguments.of(
            "critique",
            IdeaPrompt.critique(IdeaFixture.context(), List.of(first, second)),
            "1f09fa96fd1b",
            "6a36a5f36cdf"),
        Arguments.of(
            "comparison",
            IdeaPrompt.comparison(IdeaFixture.context("model"), first, second),
            "cd20946b40cc",
            "92aee365d459"));
  }

  @Test
  void theSchemaNamesEveryAllowedValue() {
    assertThat(IdeaPrompt.ideas(IdeaFixture.context(), 6).schemaJson())
        .contains(
            "\"embedding_dim\":{\"enum\":[\"8\",\"16\",\"32\",\"64\",8.0,16.0,32.0,64.0]}",
            "\"learning_rate\":{\"type\":[\"number\",\"string\"]}",
            "\"nearest_run\":{\"enum\":[\"win1\",\"failure1\",\"none\"],\"type\":\"string\"}");
  }

  private static IdeaContext nothingKnown() {
    return context(
        SearchSpace.of(
            List.of(
                Parameter.ofChoices("batch_norm", Parameter.Type.BOOL, List.of("true", "false")),
                Parameter.ofRange("layers", Parameter.Type.INT, 1, 8, false))),
        List.of(),
        List.of());
  }

  private static IdeaContext oneRun() {
    return context(
        IdeaFixture.context().space(),
        List.of(
            new Belief(
                "i-9",
                "model and layers",
                "",
                "x2",
                Double.NaN,
                -1,
                Double.POSITIVE_INFINITY,
                0,
                "?")),
        List.of());
  }

  private static IdeaContext listedArms() {
    return context(
        SearchSpace.ofArms(List.of(BASELINE, BASELINE.with("model", "dcn"))),
        List.of(),
        List.of(new IdeaContext.PastOutcome("run-1", List.of("model: dnn -> dcn"), "OOM")));
  }

  private static IdeaContext context(
      SearchSpace space, List<Belief> beliefs, List<IdeaContext.PastOutcome> failures) {
    return new IdeaContext(
        "c",
        new Objective("logloss", Objective.Direction.MINIMIZE, 0.001),
        BASELINE,
        space,
        new IdeaContext.Evidence(beliefs, List.of(), failures, List.of()),
        List.of(),
        IdeaFixture.context().funds());
  }
}
