package dev.dormouse.eval.replay;

import dev.dormouse.eval.replay.ReplayRequest.HistoryUse;
import dev.dormouse.eval.replay.ReplayRequest.Part;
import dev.dormouse.ingest.ImportRequest;
import dev.dormouse.ingest.Importer;
import dev.dormouse.io.SparkLake;
import dev.dormouse.mine.Miner;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.plan.PlanningInputs;
import dev.dormouse.table.InsightEvidenceTable;
import dev.dormouse.table.InsightsTable;
import dev.dormouse.table.RunMetricsTable;
import dev.dormouse.table.RunsQuarantineTable;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.StudyFactsTable;
import dev.dormouse.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Makes the lakes that replayed campaigns plan from: past runs without those of a campaign's own
 * data families, imported and mined as users do. A lake is made and read once; the campaigns that
 * must not see the same families share it. Learning curves of past runs are left out, since no plan
 * depends on them.
 *
 * <p>All runs are imported once, into a lake that no campaign sees; each other lake gets those that
 * are visible in it. The facts that mining finds of a single study depend on its runs alone, so
 * that lakes share them: mining computes only those of studies that no lake had before.
 */
final class ReplayLakes {
  private static final List<Table> TABLES =
      List.of(
          RunsTable.TABLE,
          RunsQuarantineTable.TABLE,
          RunMetricsTable.TABLE,
          StudyFactsTable.TABLE,
          InsightsTable.TABLE,
          InsightEvidenceTable.TABLE);

  private final SparkSession spark;
  private final ReplayRequest request;
  private final List<Dataset<Row>> history;
  private final Renaming renaming;
  private final Path directory;
  private final Map<Set<String>, PlanningInputs> read = new HashMap<>();
  private Optional<Dataset<Row>> imported = Optional.empty();
  private Optional<Dataset<Row>> facts = Optional.empty();

  /**
   * Prepares lakes.
   *
   * @param history past runs, each dataset in a form that can be imported
   * @param renaming replaces names in them
   * @param directory for the lakes; is empty or does not exist
   */
  ReplayLakes(
      SparkSession spark,
      ReplayRequest request,
      List<Dataset<Row>> history,
      Renaming renaming,
      Path directory) {
    this.spark = spark;
    this.request = request;
    this.history = List.copyOf(history);
    this.renaming = renaming;
    this.directory = directory;
  }

  /**
   * Returns what a campaign plans from.
   *
   * @param families the data families that it must not see, by the names in the history
   * @throws IOException if a lake cannot be made
   */
  PlanningInputs without(Set<String> families, CampaignSpec campaign) throws IOException {
    PlanningInputs known = read.get(families);
    if (known == null) {
      known = SmallData.with(spark, () -> read(families, campaign));
      read.put(families, known);
    }
    return known.of(campaign);
  }

  private PlanningInputs read(Set<String> families, CampaignSpec campaign) throws IOException {
    SparkLake lake = emptyLake("lake-" + (read.size() + 1));
    if (request.historyUse() != HistoryUse.NONE) {
      fill(lake, renaming.ofData(families));
    }
    return PlanningInputs.read(lake, campaign, Optional.empty(), false);
  }

  /** Makes a lake with the tables that importing, mining and planning need. */
  private SparkLake emptyLake(String name) {
    SparkLake lake = SparkLake.at(spark, directory.resolve(name));
    TABLES.forEach(lake::create);
    return lake;
  }

  private void fill(SparkLake lake, Set<String> hidden) throws IOException {
    if (imported.isEmpty()) {
      imported = Optional.of(importAll());
    }
    lake.append(RunsTable.TABLE, VisibleHistory.without(imported.get(), hidden));
    if (request.without().contains(Part.MINING)) {
      return;
    }
    Dataset<Row> studies = lake.read(RunsTable.TABLE).select("study").distinct();
    if (facts.isPresent()) {
      lake.append(StudyFactsTable.TABLE, facts.get().join(studies, usingStudy(), "left_semi"));
    }
    Miner.mine(lake, Instant.EPOCH);
    Dataset<Row> mined = lake.read(StudyFactsTable.TABLE);
    facts =
        Optional.of(
            facts
                .map(known -> known.unionByName(mined.join(known, usingStudy(), "left_anti")))
                .orElse(mined));
  }

  private static String[] usingStudy() {
    return new String[] {"study"};
  }

  /** Imports all runs and returns them as a table of runs. */
  private Dataset<Row> importAll() throws IOException {
    SparkLake all = emptyLake("all");
    List<Path> sources = new ArrayList<>();
    for (Dataset<Row> runs : history) {
      Path source = Files.createDirectories(directory.resolve("history-" + (sources.size() + 1)));
      VisibleHistory.write(shown(runs), source.resolve(VisibleHistory.RUNS));
      sources.add(source);
    }
    Importer.importRuns(
        all,
        new ImportRequest(
            ImportRequest.Format.PARQUET, sources, Optional.empty(), "history of a replay"),
        Instant.EPOCH);
    return all.read(RunsTable.TABLE);
  }

  private Dataset<Row> shown(Dataset<Row> runs) {
    return renaming.of(
        request.historyUse() == HistoryUse.SHUFFLED ? VisibleHistory.shuffled(runs) : runs);
  }
}
