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
 * All that the insight book rests on.
 *
 * @param insights the newest mining, most useful first
 * @param minedAt when that was; empty if nothing was mined
 * @param studies the studies that were mined
 * @param settings how parameters were set in each study
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
   * @param results runs with a usable result
   * @param median of the results
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
   * How a parameter was set in a study.
   *
   * @param settings how many different values it had
   */
  public record Setting(
      String study, String parameter, String commonest, long runs, long settings) {}

  /** A model variant in a study, with how many configurations. */
  public record ModelTried(String study, String model, long configurations) {}

  public BookData {
    insights = List.copyOf(insights);
    studies = List.copyOf(studies);
    settings = List.copyOf(settings);
    models = List.copyOf(models);
  }

  /** What was mined from the lake. */
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
          // Steps, failures and curves are in the insights pooled from them.
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
