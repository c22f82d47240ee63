package dev.dormouse.report;

import dev.dormouse.io.KernelLake;
import dev.dormouse.mine.InsightReader;
import dev.dormouse.model.Insight;
import dev.dormouse.table.InsightsTable;
import dev.dormouse.table.StudyFactsTable;
import dev.dormouse.table.TableRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The data of the insight book.
 *
 * @param insights of the newest mining, most useful first
 * @param minedAt time of that mining; empty if nothing was mined
 * @param studies the studies that were mined
 * @param settings values of parameters in each study
 * @param models the model variants of each study
 */
public record BookData(
    List<Insight> insights,
    Optional<Instant> minedAt,
    List<Studied> studies,
    List<Setting> settings,
    List<ModelTried> models) {

  /**
   * A study in a few numbers.
   *
   * @param results number of runs with a usable result
   * @param median of these results
   */
  public record Studied(
      String study,
      String dataset,
      String metric,
      long runs,
      long results,
      OptionalDouble median,
      OptionalDouble trainSamples) {}

  /**
   * The values of a parameter in a study.
   *
   * @param settings number of different values
   */
  public record Setting(
      String study, String parameter, String commonest, long runs, long settings) {}

  /** A model variant in a study, with its number of configurations. */
  public record ModelTried(String study, String model, long configurations) {}

  public BookData {
    insights = List.copyOf(insights);
    studies = List.copyOf(studies);
    settings = List.copyOf(settings);
    models = List.copyOf(models);
  }

  /** Returns the insights of a kind, most useful first. */
  List<Insight> insights(Insight.Kind kind) {
    return insights.stream().filter(insight -> insight.kind() == kind).toList();
  }

  /** Returns the names of all model variants. */
  List<String> modelNames() {
    return models.stream()
        .map(ModelTried::model)
        .filter(model -> !model.isEmpty())
        .distinct()
        .toList();
  }

  /** Reads what was mined from the lake. */
  public static BookData read(KernelLake lake) {
    if (!lake.exists(InsightsTable.TABLE) || !lake.exists(StudyFactsTable.TABLE)) {
      return new BookData(List.of(), Optional.empty(), List.of(), List.of(), List.of());
    }
    List<Studied> studies = new ArrayList<>();
    List<Setting> settings = new ArrayList<>();
    List<ModelTried> models = new ArrayList<>();
    for (TableRow row : lake.read(StudyFactsTable.TABLE).rows()) {
      Map<String, Double> numbers = row.fractionMap("numbers");
      List<String> to = row.texts("to_values");
      switch (row.text("fact")) {
        case "study" ->
            studies.add(
                new Studied(
                    row.text("study"),
                    to.get(0),
                    row.text("metric"),
                    count(numbers, "n"),
                    count(numbers, "n_values"),
                    number(numbers, "median"),
                    number(numbers, "train_samples")));
        case "setting" ->
            settings.add(
                new Setting(
                    row.text("study"),
                    row.texts("parameters").get(0),
                    to.get(0),
                    count(numbers, "n"),
                    count(numbers, "settings")));
        case "model" ->
            models.add(
                new ModelTried(row.text("study"), row.text("model_variant"), count(numbers, "n")));
        default -> {
          // Other facts are in the insights that were pooled from them.
        }
      }
    }
    studies.sort(Comparator.comparingLong((Studied s) -> -s.runs()).thenComparing(Studied::study));
    settings.sort(Comparator.comparing(Setting::parameter).thenComparing(Setting::study));
    models.sort(Comparator.comparing(ModelTried::model).thenComparing(ModelTried::study));
    return new BookData(
        InsightReader.newest(lake),
        lake.read(InsightsTable.TABLE).rows().stream()
            .map(row -> row.instant("mined_at"))
            .max(Comparator.naturalOrder()),
        studies,
        settings,
        models);
  }

  private static long count(Map<String, Double> numbers, String name) {
    return Math.round(numbers.getOrDefault(name, 0.0));
  }

  private static OptionalDouble number(Map<String, Double> numbers, String name) {
    Double number = numbers.get(name);
    return number == null ? OptionalDouble.empty() : OptionalDouble.of(number);
  }
}
