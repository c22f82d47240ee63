package dev.dormouse.eval.bench;

import dev.dormouse.io.SparkLake;
import dev.dormouse.mine.Miner;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.model.Insight.Kind;
import dev.dormouse.model.Step;
import dev.dormouse.table.RunMetricsTable;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.TableRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Mines planted histories and counts how often the insights are true. */
public final class TruthBench {
  private static final int LAKES_AT_ONCE = 50;
  private static final double REPORTED_AT = 0.1;

  private final TruthScore effects = new TruthScore();
  private final TruthScore interactions = new TruthScore();

  private TruthBench() {}

  /**
   * Mines planted histories.
   *
   * @param lakes number of histories
   * @param seed of the first history
   * @param progress receives one line per step
   */
  public static TruthResult run(
      SparkSession spark, int lakes, long seed, Consumer<String> progress) {
    TruthBench bench = new TruthBench();
    long runs = 0;
    for (int from = 0; from < lakes; from += LAKES_AT_ONCE) {
      int to = Math.min(lakes, from + LAKES_AT_ONCE);
      Map<String, PlantedHistory> histories = new TreeMap<>();
      for (int i = from; i < to; i++) {
        String name = "lake" + i;
        histories.put(name, PlantedHistory.of(name, seed + i));
      }
      mined(spark, histories)
          .forEach((name, insights) -> bench.score(insights, histories.get(name)));
      runs += histories.values().stream().mapToLong(history -> history.runs().size()).sum();
      progress.accept("Mined " + to + " of " + lakes + " planted histories ...");
    }
    return new TruthResult(lakes, seed, runs, bench.effects.result(), bench.interactions.result());
  }

  private static Map<String, List<Insight>> mined(
      SparkSession spark, Map<String, PlantedHistory> histories) {
    List<TableRow> rows = new ArrayList<>();
    histories
        .values()
        .forEach(history -> history.runs().forEach(run -> rows.add(RunsTable.encode(run))));
    Dataset<Row> runs = SparkLake.rows(spark, RunsTable.TABLE, rows);
    Dataset<Row> noCurves = SparkLake.rows(spark, RunMetricsTable.TABLE, List.of());
    return Miner.mineEach(runs, noCurves, study -> study.substring(0, study.indexOf('-')));
  }

  private void score(List<Insight> insights, PlantedHistory history) {
    effects.nextLake();
    interactions.nextLake();
    Set<List<String>> together = new HashSet<>();
    for (Insight insight : insights) {
      if (insight.kind() == Kind.EFFECT) {
        effect(insight, history);
      } else if (insight.step() instanceof Step.Both both) {
        together.add(insight.parameters());
        double truth =
            history.synergy(insight.parameters())
                * both.first().doublings()
                * both.second().doublings();
        interactions.add(insight.effect().orElseThrow(), truth, true);
      }
    }
    history
        .synergies()
        .forEach((pair, synergy) -> interactions.addPlanted(synergy, together.contains(pair)));
  }

  private void effect(Insight insight, PlantedHistory history) {
    Effect effect = insight.effect().orElseThrow();
    double truth = history.meanEffect(insight.parameters().get(0)) * insight.step().doublings();
    boolean isReported = effect.qValue().orElse(1) < REPORTED_AT;
    effects.add(effect, truth, isReported);
    if (truth != 0) {
      effects.addPlanted(truth, isReported);
    }
  }
}
