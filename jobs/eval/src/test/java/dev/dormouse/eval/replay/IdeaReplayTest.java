package dev.dormouse.eval.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.forecast.HistoryPrior;
import dev.dormouse.forecast.PastResult;
import dev.dormouse.model.Arm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On made-up tasks; {@code bench ideas} does the same on the published ones. */
class IdeaReplayTest {
  private static final int BUDGET = 14;
  private static final int TASKS = 24;
  private static final Map<String, ComparedRegret> WITH_HISTORY = new TreeMap<>();
  private static final Map<String, ComparedRegret> WITHOUT_HISTORY = new TreeMap<>();

  @BeforeAll
  static void replay() {
    IdeaReplay replay = new IdeaReplay(BUDGET);
    for (int task = 0; task < TASKS; task++) {
      Random random = new Random(task);
      double[] tastes = random.doubles(12, -1, 1).toArray();
      List<PastResult> past = new ArrayList<>();
      for (int study = 0; study < 4; study++) {
        for (int i = 0; i < 60; i++) {
          Arm arm = arm(random);
          past.add(new PastResult("s" + study, arm, OptionalDouble.of(value(arm, tastes, random))));
        }
      }
      List<KnownResult> pool = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        Arm arm = arm(random);
        pool.add(
            new KnownResult(
                "t" + task,
                "c" + i,
                arm,
                OptionalDouble.of(value(arm, tastes, random)),
                List.of()));
      }
      HistoryPrior prior =
          task % 4 == 0
              ? HistoryPrior.learn(past, pool.stream().map(KnownResult::arm).toList())
              : HistoryPrior.none();
      replay.play("f" + task, pool, past, prior, task);
    }
    replay.result().withHistory().forEach(one -> WITH_HISTORY.put(one.name(), one));
    replay.result().withoutHistory().forEach(one -> WITHOUT_HISTORY.put(one.name(), one));
  }

  @Test
  void aModelThatKnowsNothingOrMisleadsDoesNoHarm() {
    for (String model : List.of("garbage", "always the same", "adversarial")) {
      ComparedRegret misled = WITH_HISTORY.get(model);
      assertThat(misled.behind().get(BUDGET - 1).mean()).as(model).isLessThan(0.02);
      assertThat(misled.behindOverAll().orElseThrow().mean()).as(model).isLessThan(0.02);
    }
  }

  @Test
  void aModelThatKnowsSomethingHelps() {
    assertThat(WITH_HISTORY.get("informed").behindOverAll().orElseThrow().mean()).isLessThan(-0.02);
  }

  @Test
  void aReaderGainsByWhatItIsToldAndNothingIfThatIsShuffled() {
    assertThat(WITHOUT_HISTORY.get("reader").behindOverAll().orElseThrow().mean())
        .isLessThan(-0.02);
    assertThat(WITHOUT_HISTORY.get("reader of shuffled").behindOverAll().orElseThrow().mean())
        .isGreaterThan(-0.01);
  }

  /** One of three models with four settings; the same settings do the same in every study. */
  private static Arm arm(Random random) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("model", "m" + random.nextInt(3));
    for (int i = 0; i < 3; i++) {
      settings.put("p" + i, "" + random.nextInt(3));
    }
    settings.put("id", "" + random.nextInt(1000));
    return Arm.of(settings);
  }

  private static double value(Arm arm, double[] tastes, Random random) {
    double value = tastes[Integer.parseInt(arm.modelVariant().substring(1))];
    for (int i = 0; i < 3; i++) {
      value += tastes[3 + 3 * i + Integer.parseInt(arm.value("p" + i).orElseThrow())];
    }
    return 0.7 + 0.003 * value + 0.001 * random.nextGaussian();
  }
}
