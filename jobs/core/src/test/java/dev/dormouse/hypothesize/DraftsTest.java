package dev.dormouse.hypothesize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.forecast.PastResult;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Change;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class DraftsTest {
  private static final Arm BASELINE = ExampleCampaign.BASELINE;
  private static final Arm LARGE_BATCHES = BASELINE.with("batch_size", "4096");
  private static final Arm WIDER = BASELINE.with("embedding_dim", "32");

  private final PlanningContext context =
      new PlanningContext(
          ExampleCampaign.spec(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          dnnWithoutBatchSize(),
          0.001,
          new CostEstimate(1_000, 2_000, 5_000, "a test"));
  private final Drafts drafts = new Drafts(context, context.outlook());

  @Test
  void aHypothesisChangesNothingThatItsModelIgnores() {
    assertThat(draft(WIDER.with("batch_size", "4096")))
        .hasValueSatisfying(
            hypothesis -> {
              assertThat(hypothesis.arm()).isEqualTo(WIDER);
              assertThat(hypothesis.changes())
                  .containsExactly(new Change("embedding_dim", "16", "32"));
            });
  }

  @Test
  void whatChangesNothingElseIsNoHypothesis() {
    assertThat(draft(LARGE_BATCHES)).isEmpty();
  }

  private Optional<Hypothesis> draft(Arm arm) {
    return drafts.draft(Source.RESEARCH, arm, "a paper says so", List.of());
  }

  /** The baseline's model never sets the size of batches, another one does. */
  private static List<PastResult> dnnWithoutBatchSize() {
    List<PastResult> results = new ArrayList<>();
    for (String width : List.of("8", "16", "32", "48", "64")) {
      Arm wide = BASELINE.with("embedding_dim", width);
      results.add(new PastResult("a", wide.with("batch_size", ""), OptionalDouble.of(0.8)));
      results.add(new PastResult("a", wide.with("model", "fm"), OptionalDouble.of(0.7)));
    }
    return results;
  }
}
