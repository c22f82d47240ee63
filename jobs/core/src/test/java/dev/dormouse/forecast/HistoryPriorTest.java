package dev.dormouse.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class HistoryPriorTest {
  private static final List<String> MODELS = List.of("fm", "dnn", "dcnv2");
  private static final List<String> RATES = List.of("0.0001", "0.001", "0.01");
  private static final List<String> DROPOUTS = List.of("0", "0.2", "0.5");

  private final List<Arm> arms = arms();

  @Test
  void expectsWhatRankedHighInPastStudiesWhateverTheirMetric() {
    HistoryPrior prior =
        HistoryPrior.learn(studies(HistoryPriorTest::rising, "one", "two", "three"), arms);

    assertThat(prior.gain(arm("dcnv2", "0.001", "0")))
        .isGreaterThan(prior.gain(arm("dnn", "0.001", "0")))
        .isGreaterThan(prior.gain(arm("dcnv2", "0.01", "0")));
    assertThat(prior.gain(arm("fm", "0.001", "0")))
        .isLessThan(prior.gain(arm("dnn", "0.001", "0")));
  }

  @Test
  void seesThatAParameterMattersOnlyTogetherWithAnother() {
    HistoryPrior prior =
        HistoryPrior.learn(
            studies(
                arm -> {
                  boolean slow = setting(arm, "rate") < 0.002;
                  return slow && setting(arm, "dropout") > 0.1 ? 0 : 1 + setting(arm, "rate");
                },
                "one",
                "two"),
            arms);

    assertThat(prior.gain(arm("dnn", "0.001", "0")) - prior.gain(arm("dnn", "0.001", "0.5")))
        .isGreaterThan(
            1.2
                * Math.abs(
                    prior.gain(arm("dnn", "0.01", "0")) - prior.gain(arm("dnn", "0.01", "0.5"))));
  }

  @Test
  void aModelIgnoresWhatNoRunOfItSetButRunsOfOthersBesideItDid() {
    SearchSpace space =
        SearchSpace.of(
            List.of(
                Parameter.ofChoices(
                    "model", Parameter.Type.CATEGORICAL, List.of("DCN-v2", "DNN", "new")),
                Parameter.ofRange("cross_layers", Parameter.Type.INT, 1, 5, false),
                Parameter.ofRange("width", Parameter.Type.INT, 8, 64, false),
                Parameter.ofRange("layers", Parameter.Type.INT, 1, 4, false),
                Parameter.ofRange("heads", Parameter.Type.INT, 1, 4, false)));
    List<PastResult> results = new ArrayList<>();
    for (String width : List.of("8", "16", "32", "48", "64")) {
      Map<String, String> cross =
          Map.of("model", "dcnv2", "cross_layers", "3", "layers", "2", "width", width);
      results.add(new PastResult("both", Arm.of(cross), OptionalDouble.of(0.7)));
      Map<String, String> deep = Map.of("model", "dnn", "width", width, "dnn_layers", "2");
      results.add(new PastResult("both", Arm.of(deep), OptionalDouble.of(0.6)));
      Map<String, String> heads = Map.of("model", "bst", "heads", "2", "width", width);
      results.add(new PastResult("elsewhere", Arm.of(heads), OptionalDouble.of(0.6)));
    }
    HistoryPrior prior = HistoryPrior.learn(results, List.of(results.get(0).arm()));

    assertThat(prior.ignored(space, results.get(0).arm()).byVariant())
        .as(
            "no study has runs with heads beside runs of DNN, its dnn_layers may be what others"
                + " call layers, and nobody tried the new model")
        .isEqualTo(Map.of("DNN", Set.of("cross_layers")));
    assertThat(prior.gain(Arm.of(Map.of("model", "dnn", "width", "32", "cross_layers", "9"))))
        .isEqualTo(prior.gain(Arm.of(Map.of("model", "dnn", "width", "32"))));
  }

  @Test
  void aWordThatNobodyTriedIsExpectedToLose() {
    HistoryPrior prior =
        HistoryPrior.learn(studies(HistoryPriorTest::rising, "one", "two", "three"), arms);
    Arm baseline = arm("dnn", "0.001", "0");

    assertThat(prior.gainOver(baseline, baseline)).isZero();
    assertThat(prior.gainOver(baseline, baseline.with("optimizer", "sgd")))
        .isLessThan(prior.gainOver(baseline, baseline.with("rate", "0.002")) - prior.spread() / 2);
    assertThat(HistoryPrior.none().gainOver(baseline, baseline.with("optimizer", "sgd"))).isZero();
  }

  @Test
  void whatDoesNotDifferInASpaceAddsNoTrustInItsForecasts() {
    List<PastResult> past = studies(HistoryPriorTest::rising, "one", "two", "three", "four");
    HistoryPrior ofAll = HistoryPrior.learn(past, arms);
    HistoryPrior ofOneModel =
        HistoryPrior.learn(
            past, arms.stream().filter(arm -> arm.modelVariant().equals("dnn")).toList());

    assertThat(ofOneModel.agreement()).isPositive().isLessThan(ofAll.agreement() - 0.1);
    assertThat(HistoryPrior.learn(past, arms.subList(0, 1)).agreement()).isZero();
  }

  @Test
  void failedRunsAreTheWorst() {
    List<PastResult> results = new ArrayList<>();
    for (PastResult result : studies(arm -> 0, "one", "two")) {
      boolean fails = result.arm().modelVariant().equals("dnn");
      results.add(
          fails ? new PastResult(result.study(), result.arm(), OptionalDouble.empty()) : result);
    }
    HistoryPrior prior = HistoryPrior.learn(results, arms);

    assertThat(prior.gain(arm("dnn", "0.001", "0")))
        .isLessThan(prior.gain(arm("fm", "0.001", "0")));
  }

  @Test
  void theSameHistoryGivesTheSameForecasts() {
    List<PastResult> results = studies(HistoryPriorTest::rising, "one", "two");
    HistoryPrior first = HistoryPrior.learn(results, arms);
    HistoryPrior second = HistoryPrior.learn(results, arms);

    assertThat(arms).allSatisfy(arm -> assertThat(second.gain(arm)).isEqualTo(first.gain(arm)));
  }

  @Test
  void repeatedArmsShowTheNoise() {
    List<PastResult> results = new ArrayList<>(studies(HistoryPriorTest::rising, "one"));
    results.add(new PastResult("one", arms.get(0), OptionalDouble.of(rising(arms.get(0)) + 0.02)));

    assertThat(HistoryPrior.learn(results, arms).noiseSd())
        .isCloseTo(0.02 / Math.sqrt(2), within(1e-9));
  }

  @Test
  void believesForecastsAsFarAsPastStudiesAgreed() {
    HistoryPrior agreeing =
        HistoryPrior.learn(studies(HistoryPriorTest::rising, "one", "two", "three", "four"), arms);
    Random random = new Random(1);
    HistoryPrior chance =
        HistoryPrior.learn(studies(arm -> random.nextGaussian(), "a", "b", "c", "d"), arms);

    assertThat(spread(agreeing)).isGreaterThan(2 * agreeing.gainSd());
    assertThat(spread(chance)).isLessThan(0.3 * chance.gainSd());
  }

  private double spread(HistoryPrior prior) {
    double square =
        arms.stream().mapToDouble(arm -> Math.pow(prior.gain(arm), 2)).average().orElse(0);
    return Math.sqrt(square);
  }

  @Test
  void withoutHistoryNothingIsExpected() {
    assertThat(arms)
        .allSatisfy(arm -> assertThat(HistoryPrior.learn(List.of(), arms).gain(arm)).isEqualTo(0));
  }

  /** Every study measures in its own unit. */
  private List<PastResult> studies(ToDoubleFunction<Arm> value, String... names) {
    List<PastResult> results = new ArrayList<>();
    double unit = 1;
    for (String name : names) {
      for (Arm arm : arms) {
        results.add(new PastResult(name, arm, OptionalDouble.of(unit * value.applyAsDouble(arm))));
      }
      unit *= 10;
    }
    return results;
  }

  private static double rising(Arm arm) {
    return MODELS.indexOf(arm.modelVariant()) - (setting(arm, "rate") == 0.01 ? 0.5 : 0);
  }

  private static double setting(Arm arm, String name) {
    return Double.parseDouble(arm.value(name).orElseThrow());
  }

  private static Arm arm(String model, String rate, String dropout) {
    return Arm.of(Map.of("model", model, "rate", rate, "dropout", dropout));
  }

  private static List<Arm> arms() {
    List<Arm> arms = new ArrayList<>();
    for (String model : MODELS) {
      for (String rate : RATES) {
        for (String dropout : DROPOUTS) {
          arms.add(arm(model, rate, dropout));
        }
      }
    }
    return arms;
  }
}
