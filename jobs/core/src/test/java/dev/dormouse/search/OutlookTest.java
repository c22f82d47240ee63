package dev.dormouse.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.forecast.HistoryPrior;
import dev.dormouse.forecast.PastResult;
import dev.dormouse.model.Arm;
import dev.dormouse.model.ArmForecast;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.KnownArm;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.table.PlanForecastsTable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class OutlookTest {
  private static final double NOISE = 0.0005;
  private static final CampaignSpec SPEC = ExampleCampaign.spec();
  private static final Arm BASELINE = SPEC.baseline();
  private static final Arm WIDER = BASELINE.with("embedding_dim", "32");
  private static final Outlook.Risks RISKS =
      new Outlook.Risks() {
        @Override
        public double pFailure(Arm arm) {
          return arm.value("batch_size").orElseThrow().equals("4096") ? 0.9 : 0.05;
        }

        @Override
        public long costMicros(Arm arm) {
          return 1_000;
        }
      };

  @Test
  void pastStudiesTellWhichValuesAreBetter() {
    Outlook outlook = new Outlook(SPEC, history(), List.of(), NOISE, RISKS);

    assertThat(outlook.of(WIDER).gain()).isPositive();
    assertThat(outlook.of(BASELINE.with("embedding_dim", "8")).gain()).isNegative();
    assertThat(outlook.ordered(List.of(), 1, arm -> 1).get(0).value("embedding_dim"))
        .contains("64");
  }

  @Test
  void aRunOfTheStudyItselfCountsMoreThanPastStudies() {
    Outlook disappointed =
        new Outlook(
            SPEC, history(), List.of(new KnownArm(WIDER, -0.01, NOISE, 3, "r1")), NOISE, RISKS);

    assertThat(disappointed.of(WIDER).gain()).isNegative();
    assertThat(disappointed.better()).isEmpty();
    assertThat(disappointed.of(WIDER.with("batch_size", "1024")).gain())
        .as("what lies near to it is expected to be worse, too")
        .isLessThan(
            new Outlook(SPEC, history(), List.of(), NOISE, RISKS)
                .of(WIDER.with("batch_size", "1024"))
                .gain());
  }

  @Test
  void theBestKnownArmIsNamedAndNoKnownArmIsACandidate() {
    KnownArm best = new KnownArm(WIDER, 0.006, NOISE, 2, "r1");
    KnownArm failed = new KnownArm(BASELINE.with("learning_rate", "0.1"), Double.NaN, 0, 0, "r2");
    Outlook outlook = new Outlook(SPEC, HistoryPrior.none(), List.of(best, failed), NOISE, RISKS);

    assertThat(outlook.better()).extracting(KnownArm::arm).containsExactly(WIDER);
    assertThat(outlook.forecasts(List.of(WIDER)).arms())
        .extracting(ArmForecast::arm)
        .doesNotContain(WIDER, failed.arm(), BASELINE)
        .allMatch(arm -> SPEC.searchSpace().admits(arm, BASELINE));
    assertThat(outlook.forecasts(List.of()).known()).containsExactly(best, failed);
  }

  @Test
  void noCandidateVariesWhatItsModelIgnores() {
    List<PastResult> results = new ArrayList<>();
    for (String width : List.of("8", "16", "32", "48", "64")) {
      Arm wide = BASELINE.with("embedding_dim", width);
      results.add(new PastResult("a", wide.with("model", "fm"), OptionalDouble.of(0.7)));
      results.add(new PastResult("a", wide.with("batch_size", ""), OptionalDouble.of(0.8)));
    }
    HistoryPrior history =
        HistoryPrior.learn(results, CandidateArms.sample(SPEC.searchSpace(), BASELINE));
    Outlook outlook = new Outlook(SPEC, history, List.of(), NOISE, RISKS);

    assertThat(outlook.forecasts(List.of()).arms())
        .extracting(ArmForecast::arm)
        .allMatch(arm -> arm.value("batch_size").equals(BASELINE.value("batch_size")))
        .anyMatch(arm -> !arm.value("learning_rate").equals(BASELINE.value("learning_rate")));
    assertThat(outlook.effective(BASELINE.with("batch_size", "4096"))).isEqualTo(BASELINE);
  }

  @Test
  void changesThatTheForecastDoesNotNeedAreReverted() {
    Outlook outlook = new Outlook(SPEC, history(), List.of(), NOISE, RISKS);
    Arm widest = BASELINE.with("embedding_dim", "64");

    assertThat(outlook.simplest(widest.with("batch_size", "1024").with("learning_rate", "0.01")))
        .isEqualTo(widest);
    assertThat(outlook.simplest(widest)).isEqualTo(widest);
    assertThat(
            new Outlook(SPEC, HistoryPrior.none(), List.of(), NOISE, RISKS)
                .simplest(widest.with("batch_size", "1024")))
        .as("without history all arms promise the same")
        .isEqualTo(widest.with("batch_size", "1024"));
  }

  @Test
  void theCandidatesOfAListAreTheList() {
    List<Arm> list = List.of(WIDER, BASELINE.with("embedding_dim", "64"));
    CampaignSpec listed =
        new CampaignSpec(
            "list",
            SPEC.study(),
            SPEC.objective(),
            BASELINE,
            SearchSpace.ofArms(list),
            SPEC.training(),
            SPEC.budget(),
            SPEC.guardrails(),
            SPEC.sources(),
            SPEC.trials());

    assertThat(new Outlook(listed, history(), List.of(), NOISE, RISKS).forecasts(List.of()).arms())
        .extracting(ArmForecast::arm)
        .containsExactlyInAnyOrderElementsOf(list);
  }

  @Test
  void forecastsSurviveTheLakeUnderTheirHash() {
    ArmForecasts forecasts =
        new Outlook(
                SPEC,
                history(),
                List.of(
                    new KnownArm(WIDER, 0.006, NOISE, 2, "r1"),
                    new KnownArm(BASELINE.with("batch_size", "4096"), Double.NaN, 0, 0, "r2")),
                NOISE,
                RISKS)
            .forecasts(List.of());

    assertThat(PlanForecastsTable.decode(PlanForecastsTable.encode("example", forecasts)))
        .hasValueSatisfying(read -> assertThat(read.hash()).isEqualTo(forecasts.hash()));
    assertThat(forecasts.arms())
        .filteredOn(a -> a.arm().value("batch_size").orElseThrow().equals("4096"))
        .allMatch(a -> a.pFailure() == 0.9);
  }

  /** Wider embeddings are better in each of three studies; the rest makes no difference. */
  private static HistoryPrior history() {
    List<PastResult> results = new ArrayList<>();
    for (String study : List.of("a", "b", "c", "d")) {
      for (String width : List.of("8", "16", "32", "64")) {
        for (String batch : List.of("64", "1024", "4096")) {
          for (String rate : List.of("0.001", "0.01")) {
            results.add(
                new PastResult(
                    study,
                    BASELINE
                        .with("embedding_dim", width)
                        .with("batch_size", batch)
                        .with("learning_rate", rate),
                    OptionalDouble.of(0.7 + 0.001 * Double.parseDouble(width))));
          }
        }
      }
    }
    return HistoryPrior.learn(results, CandidateArms.sample(SPEC.searchSpace(), BASELINE));
  }
}
