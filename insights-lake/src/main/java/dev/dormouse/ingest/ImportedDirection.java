package dev.dormouse.ingest;

import dev.dormouse.io.SparkLake;
import dev.dormouse.io.StudyDirections;
import dev.dormouse.model.Metric;
import dev.dormouse.model.Metric.Basis;
import dev.dormouse.model.MetricDirections;
import dev.dormouse.model.Objective.Direction;
import dev.dormouse.model.StatedDirection;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * What one source states of the direction of its metric.
 *
 * @param metric name of the metric that the source's studies compare
 * @param stated the direction and who states it; empty if nobody does
 * @param conflict what happens to opposite statements of earlier imports
 */
record ImportedDirection(
    String metric, Optional<Statement> stated, DirectionOption.Conflict conflict) {
  /** A direction, who states it, and where. */
  record Statement(Direction direction, Basis basis, String origin) {}

  /**
   * Returns what the command line, else the mapping, else a tag states.
   *
   * @param mappingOrigin where the mapping comes from
   * @param tag the statement of the tracking server's tags, if there is one
   * @throws ImportException if the command line and the mapping contradict each other
   */
  static ImportedDirection of(
      RunMapping mapping, String mappingOrigin, DirectionOption option, Optional<Statement> tag) {
    if (option.direction().isPresent()
        && mapping.direction().isPresent()
        && !option.direction().equals(mapping.direction())) {
      throw new ImportException(
          "The mapping "
              + mappingOrigin
              + " says direction "
              + mapping.direction().get().id()
              + ", --direction says "
              + option.direction().get().id()
              + "; state one of them");
    }
    Optional<Statement> stated =
        option
            .direction()
            .map(direction -> new Statement(direction, Basis.OPTION, "--direction"))
            .or(
                () ->
                    mapping
                        .direction()
                        .map(each -> new Statement(each, Basis.MAPPING, mappingOrigin)))
            .or(() -> tag);
    return new ImportedDirection(mapping.metric(), stated, option.conflict());
  }

  /** Returns what is known of the metric without a lake. */
  Metric known() {
    return stated
        .map(each -> Metric.stated(metric, each.direction(), each.basis()))
        .orElseGet(() -> Metric.named(metric));
  }

  /** Returns what is known of the metric in a lake where this is stated. */
  Metric known(SparkLake lake) {
    Metric known = known();
    return known.basis().compareTo(Basis.CATALOGUE) <= 0
        ? known
        : StudyDirections.read(lake).of(metric);
  }

  /**
   * Records the direction of the studies of these runs, if it is stated.
   *
   * @param runs judged rows that will be imported
   * @throws ImportException if an earlier import stated the opposite, or if nothing tells the
   *     direction; nothing is written then
   */
  void record(SparkLake lake, Dataset<Row> runs) {
    if (stated.isEmpty() && Metric.named(metric).isDirectionKnown()) {
      return;
    }
    List<String> studies =
        runs.select("study").distinct().as(Encoders.STRING()).collectAsList().stream()
            .sorted()
            .toList();
    MetricDirections known = StudyDirections.read(lake);
    if (stated.isEmpty()) {
      studies.stream()
          .filter(study -> !known.of(study, metric).isDirectionKnown())
          .findFirst()
          .ifPresent(
              study -> {
                throw unknown(metric);
              });
      return;
    }
    Statement statement = stated.get();
    List<StatedDirection> statements =
        studies.stream()
            .map(
                study ->
                    new StatedDirection(
                        study,
                        metric,
                        statement.direction(),
                        statement.basis(),
                        statement.origin()))
            .toList();
    if (conflict == DirectionOption.Conflict.CORRECT) {
      StudyDirections.replace(lake, statements);
      return;
    }
    statements.forEach(
        each ->
            known
                .opposing(each.study(), each.direction())
                .filter(old -> old.basis().compareTo(Basis.OBJECTIVE) < 0)
                .ifPresent(
                    old -> {
                      throw contradiction(old, each);
                    }));
    StudyDirections.add(lake, statements);
  }

  private static ImportException unknown(String metric) {
    return new ImportException(
        "Nothing tells whether higher or lower values of metric '"
            + metric
            + "' are better; state it by 'direction: maximize' or 'direction: minimize' in the"
            + " mapping file, or by --direction maximize|minimize");
  }

  private static ImportException contradiction(StatedDirection old, StatedDirection now) {
    return new ImportException(
        "Study "
            + now.study()
            + ": "
            + now.text()
            + ", but "
            + old.text()
            + " in an earlier import; correct this one, or give --direction with"
            + " --correct-direction");
  }
}
