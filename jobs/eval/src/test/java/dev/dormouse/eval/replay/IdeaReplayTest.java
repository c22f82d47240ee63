package dev.dormouse.eval.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.forecast.HistoryPrior;
import dev.dormouse.forecast.PastResult;
import dev.dormouse.hypothesize.PlanningContext;
import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkLake;
import dev.dormouse.io.SparkTest;
import dev.dormouse.mine.Miner;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CostOrigin;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Plan;
import dev.dormouse.model.RunBuilder;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.StudyKey;
import dev.dormouse.plan.PlanningInputs;
import dev.dormouse.stats.Estimate;
import dev.dormouse.table.RunMetricsTable;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.TableRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On made-up tasks; {@code bench ideas} does the same on the published ones. */
@SparkTest
class IdeaReplayTest {
  private static final int BUDGET = 14;

  /** Evaluations after which the first ideas have results. */
  private static final int EARLY = 6;

  private static final int TASKS = 24;
  private static final Map<String, ComparedRegret> WITH_HISTORY = new TreeMap<>();
  private static final Map<String, ComparedRegret> WITHOUT_HISTORY = new TreeMap<>();

  private static final Objective OBJECTIVE = new Objective("auc", Objective.Direction.MAXIMIZE, 0);

  /** A task with what past studies and models know of it. */
  private record Task(String name, List<PastResult> past, List<KnownResult> pool) {}

  @BeforeAll
  static void replay() {
    List<Task> tasks = IntStream.range(0, TASKS).mapToObj(IdeaReplayTest::task).toList();
    Map<String, List<Insight>> mined = mined(tasks, Task::past);
    Map<String, List<Insight>> shuffled = mined(tasks, task -> shuffled(task.past()));
    IdeaReplay replay = new IdeaReplay(BUDGET);
    for (int i = 0; i < TASKS; i++) {
      Task task = tasks.get(i);
      List<Arm> arms = task.pool().stream().map(KnownResult::arm).toList();
      PlanningInputs inputs = inputs(task, mined);
      replay.play(
          "family of " + task.name(),
          task.pool(),
          new IdeaReplay.Past(
              OBJECTIVE,
              inputs,
              inputs(task, shuffled),
              i % 4 == 0 ? inputs.context().prior(arms) : HistoryPrior.none()),
          i);
    }
    replay.result().withHistory().forEach(one -> WITH_HISTORY.put(one.name(), one));
    replay.result().withoutHistory().forEach(one -> WITHOUT_HISTORY.put(one.name(), one));
  }

  private static Task task(int number) {
    Random random = new Random(number);
    double[] tastes = random.doubles(12, -1, 1).toArray();
    List<PastResult> past = new ArrayList<>();
    for (int study = 0; study < 4; study++) {
      for (int i = 0; i < 60; i++) {
        Arm arm = arm(random);
        past.add(new PastResult("s" + study, arm, OptionalDouble.of(value(arm, tastes, random))));
      }
    }
    Map<Arm, KnownResult> pool = new LinkedHashMap<>();
    for (int i = 0; i < 150; i++) {
      Arm arm = arm(random);
      pool.putIfAbsent(
          arm,
          new KnownResult(
              "t" + number,
              "c" + i,
              arm,
              OptionalDouble.of(value(arm, tastes, random)),
              List.of()));
    }
    return new Task("t" + number, past, List.copyOf(pool.values()));
  }

  private static List<PastResult> shuffled(List<PastResult> past) {
    List<OptionalDouble> values = new ArrayList<>(past.stream().map(PastResult::value).toList());
    Collections.shuffle(values, new Random(0));
    return IntStream.range(0, past.size())
        .mapToObj(i -> new PastResult(past.get(i).study(), past.get(i).arm(), values.get(i)))
        .toList();
  }

  /** Returns the insights of each task's past, mined as those of a lake of its own. */
  private static Map<String, List<Insight>> mined(
      List<Task> tasks, Function<Task, List<PastResult>> past) {
    List<TableRow> rows = new ArrayList<>();
    for (Task task : tasks) {
      for (PastResult result : past.apply(task)) {
        rows.add(run(task, result, "r" + rows.size()));
      }
    }
    return Miner.mineEach(
        SparkLake.rows(SparkExtension.spark(), RunsTable.TABLE, rows),
        SparkLake.rows(SparkExtension.spark(), RunMetricsTable.TABLE, List.of()),
        study -> study.substring(0, study.indexOf('-')));
  }

  private static TableRow run(Task task, PastResult result, String id) {
    return RunsTable.encode(
        RunBuilder.builder()
            .runId(id)
            .study(
                new StudyKey(task.name() + "-" + result.study(), "all", "auc", StudyKey.VALIDATION))
            .family(task.name())
            .arm(result.arm())
            .seed(OptionalLong.empty())
            .status(RunStatus.OK)
            .metrics(new TreeMap<>(Map.of("auc", result.value().orElseThrow())))
            .costGpuHours(OptionalDouble.empty())
            .costSource(CostOrigin.UNKNOWN)
            .sweep(Optional.empty())
            .trainSamples(OptionalLong.empty())
            .startedAt(Optional.empty())
            .finishedAt(Optional.empty())
            .source("test")
            .provenance("test")
            .campaignId(Optional.empty())
            .trialId(Optional.empty())
            .attempt(0)
            .build());
  }

  private static PlanningInputs inputs(Task task, Map<String, List<Insight>> mined) {
    List<Arm> arms = task.pool().stream().map(KnownResult::arm).toList();
    return new PlanningInputs(
        new PlanningContext(
            new ReplayCampaign(OBJECTIVE, Set.of()).spec(arms, arms.get(0), BUDGET),
            mined.getOrDefault(task.name(), List.of()),
            List.of(),
            List.of(),
            List.of(),
            task.past(),
            0.001,
            new Plan.CostEstimate(1, 1, 1, "test")),
        List.of(),
        List.of());
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
    assertThat(WITH_HISTORY.get("informed").behindOverAll().orElseThrow().mean()).isLessThan(-0.01);
  }

  @Test
  void aReaderLeadsAtFirstByWhatItIsToldAndNotIfThatIsShuffled() {
    // Later, the campaign's own results teach as much as the past.
    Estimate told = WITHOUT_HISTORY.get("reader").behind().get(EARLY - 1);
    Estimate shuffled = WITHOUT_HISTORY.get("reader of shuffled").behind().get(EARLY - 1);
    assertThat(told.mean()).as("told %s, shuffled %s", told, shuffled).isLessThan(-0.015);
    assertThat(shuffled.mean()).as("told %s, shuffled %s", told, shuffled).isGreaterThan(-0.015);
  }

  /** One of three models with three settings; the same settings do the same in every study. */
  private static Arm arm(Random random) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("model", "m" + random.nextInt(3));
    for (int i = 0; i < 3; i++) {
      settings.put("p" + i, "v" + random.nextInt(3));
    }
    return Arm.of(settings);
  }

  private static double value(Arm arm, double[] tastes, Random random) {
    double value = tastes[Integer.parseInt(arm.modelVariant().substring(1))];
    for (int i = 0; i < 3; i++) {
      value += tastes[3 + 3 * i + Integer.parseInt(arm.value("p" + i).orElseThrow().substring(1))];
    }
    return 0.7 + 0.003 * value + 0.001 * random.nextGaussian();
  }
}
