package dev.dormouse.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.hypothesize.IdeaRefusal;
import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkLake;
import dev.dormouse.io.SparkTest;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.llm.LlmReply;
import dev.dormouse.llm.LlmRequest;
import dev.dormouse.llm.LlmStatus;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Source;
import dev.dormouse.research.Document;
import dev.dormouse.research.Paper;
import dev.dormouse.research.Papers;
import dev.dormouse.table.HypothesesTable;
import dev.dormouse.table.Json;
import dev.dormouse.table.TechniquesTable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan with a language model, from the lake to the lake. */
@SparkTest
class ModelIdeasTest {
  private static final Paper PAPER =
      new Paper(
          "hog",
          "Learning rates of hedgehogs",
          List.of("A. Nonymous"),
          OptionalInt.of(2020),
          "",
          "",
          "",
          "https://example.org/hog",
          "CC0");

  @TempDir Path root;

  @Test
  void ideasGetAShareOfThePlanAndWithoutAModelNothingChanges() {
    SparkLake lake = SparkExtension.emptyLake(root);
    assertThat(Papers.add(lake, List.of(PAPER), Optional.empty())).isEqualTo(1);
    assertThat(Papers.add(lake, List.of(PAPER), Optional.empty())).as("once").isZero();
    assertThat(Papers.documents(lake.kernel())).extracting(Document::id).containsExactly("hog");
    CampaignSpec spec = ExampleCampaign.spec("true", ".", ExampleCampaign.trials(2, 4, 1, 2, 6));
    List<LlmRequest> asked = new ArrayList<>();

    RankedHypotheses without = Planner.hypotheses(lake, spec, Optional.empty(), Optional.empty());
    assertThat(lake.kernel().read(TechniquesTable.TABLE).rows()).as("only read").isEmpty();
    Plan plan =
        Planner.plan(lake, spec, Optional.empty(), Instant.EPOCH, Optional.of(model(asked)));

    assertThat(lake.kernel().read(TechniquesTable.TABLE).rows()).isNotEmpty();
    assertThat(without.refusals()).isEmpty();
    assertThat(without.hypotheses()).noneMatch(h -> h.source() == Source.LLM);
    assertThat(plan.hypotheses()).hasSize(spec.trials(Phase.VALIDATION));
    List<Hypothesis> ideas =
        plan.hypotheses().stream().filter(h -> h.source() == Source.LLM).toList();
    assertThat(ideas).as("30%% of 4 slots").hasSize(1);
    assertThat(ideas.get(0).arm())
        .isEqualTo(ExampleCampaign.BASELINE.with("learning_rate", "0.0017"));
    assertThat(ideas.get(0).evidence()).containsExactly("hog");
    assertThat(plan.notTried())
        .anyMatch(
            left ->
                left.what().equals("ideas of the language model")
                    && left.why().contains("does not allow that value of learning_rate"));
    assertThat(asked.get(0).prompt()).contains("\"learning_rate\"").contains("hedgehogs");
    assertThat(lake.kernel().read(HypothesesTable.TABLE).rows())
        .filteredOn(row -> row.text("source").equals("llm"))
        .allMatch(row -> row.fractionMap("terms").containsKey("claimed_gain_p50"));

    RankedHypotheses shown =
        Planner.hypotheses(lake, spec, Optional.empty(), Optional.of(model(new ArrayList<>())));
    assertThat(shown.refusals())
        .extracting(IdeaRefusal::kind)
        .contains(IdeaRefusal.Kind.OUTSIDE_THE_SPACE);
  }

  /** Two ideas inside the search space, one outside; every paper that it is told is cited. */
  private static LlmBatches model(List<LlmRequest> asked) {
    return requests -> {
      asked.addAll(requests);
      return requests.stream()
          .map(
              request ->
                  new LlmReply(
                      request.requestHash(),
                      LlmStatus.OK,
                      Optional.of(
                          request.purpose().equals("propose")
                              ? Json.write(
                                  Map.of(
                                      "ideas",
                                      Stream.of("0.0017", "0.0023", "7")
                                          .map(rate -> idea(rate, hedgehogs(request.prompt())))
                                          .toList()))
                              : "{}"),
                      0,
                      0,
                      0,
                      "",
                      false))
          .toList();
    };
  }

  /** What the paper is called in a question. */
  private static String hedgehogs(String prompt) {
    Matcher label = Pattern.compile("\\{\"id\":\"(text\\d+)\",[^}]*hedgehogs").matcher(prompt);
    assertThat(label.find()).isTrue();
    return label.group(1);
  }

  private static JsonNode idea(String rate, String source) {
    return Json.read(
        """
        {"claim": "Learns faster", "mechanism": "Larger steps",
         "changes": {"learning_rate": "%s"}, "sources": ["%s"],
         "gain_p10": 0, "gain_p50": 0.001, "gain_p90": 0.002, "p_success": 0.7, "p_crash": 0.02,
         "cost_gpu_hours": 0.001, "disconfirming": "A higher loss", "nearest_run": "none",
         "why_different": "There is none"}
        """
            .formatted(rate, source),
        JsonNode.class);
  }
}
