package dev.dormouse.bench;

import dev.dormouse.io.SparkLake;
import dev.dormouse.mine.Miner;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.model.Insight.Kind;
import dev.dormouse.table.RunMetricsTable;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.TableRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Mines planted histories and counts how often what it says is true. */
final class TruthBench {
  private static final int LAKES_AT_ONCE = 20;
  private static final double REPORTED_AT = 0.1;

  private TruthBench() {}

  /**
   * Mines so many planted histories.
   *
   * @param lake only its session is used
   * @param progress told how many are done
   */
  static TruthResult run(SparkLake lake, int lakes, long seed, Consumer<Integer> progress) {
    TruthScore effects = new TruthScore();
    TruthScore interactions = new TruthScore();
    for (int from = 0; from < lakes; from += LAKES_AT_ONCE) {
      Map<String, PlantedHistory> histories = new TreeMap<>();
      for (int i = from; i < Math.min(lakes, from + LAKES_AT_ONCE); i++) {
        String name = "lake" + i;
        histories.put(name, PlantedHistory.of(name, seed + i));
      }
      mine(lake, histories)
          .forEach((name, insights) -> score(insights, histories.get(name), effects, interactions));
      progress.accept(Math.min(lakes, from + LAKES_AT_ONCE));
    }
    return new TruthResult(lakes, effects.result(), interactions.result());
  }

  private static Map<String, List<Insight>> mine(
      SparkLake lake, Map<String, PlantedHistory> histories) {
    List<TableRow> rows = new ArrayList<>();
    histories
        .values()
        .forEach(history -> history.runs().forEach(run -> rows.add(RunsTable.encode(run))));
    Dataset<Row> runs = lake.rows(RunsTable.TABLE, rows);
    Dataset<Row> noCurves = lake.rows(RunMetricsTable.TABLE, List.of());
    return Miner.mineEach(runs, noCurves, study -> study.substring(0, study.indexOf('-')));
  }

  private static void score(
      List<Insight> insights, PlantedHistory history, TruthScore effects, TruthScore interactions) {
    effects.nextLake();
    interactions.nextLake();
    for (Insight insight : insights) {
      String parameter = insight.parameters().isEmpty() ? "" : insight.parameters().get(0);
      if (insight.kind() == Kind.EFFECT && !history.interacts(parameter)) {
        Effect effect = insight.effect().orElseThrow();
        double truth = history.meanEffect(parameter) * doublings(insight.from(), insight.to());
        effects.add(effect, truth, effect.qValue().orElse(1) < REPORTED_AT);
      } else if (insight.kind() == Kind.INTERACTION) {
        String[] from = insight.from().split(" & ");
        String[] to = insight.to().split(" & ");
        double truth =
            history.synergy(parameter, insight.parameters().get(1))
                * doublings(from[0], to[0])
                * doublings(from[1], to[1]);
        interactions.add(insight.effect().orElseThrow(), truth, true);
      }
    }
  }

  /** From 8 to 32 are two; so are x4. */
  private static double doublings(String from, String to) {
    double ratio =
        from.isEmpty()
            ? Double.parseDouble(to.substring(1))
            : Double.parseDouble(to) / Double.parseDouble(from);
    return Math.log(ratio) / Math.log(2);
  }
}
