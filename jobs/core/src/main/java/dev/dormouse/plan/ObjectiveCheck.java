package dev.dormouse.plan;

import static org.apache.spark.sql.functions.col;

import dev.dormouse.io.SparkLake;
import dev.dormouse.io.StudyDirections;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Metric;
import dev.dormouse.model.MetricDirections;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Objective.Direction;
import dev.dormouse.model.StatedDirection;
import dev.dormouse.table.StudyFactsTable;
import dev.dormouse.table.TableRow;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Checks that a campaign's objective and the lake have one direction for the metric: else history
 * would propose the changes that make it worse.
 */
final class ObjectiveCheck {
  /**
   * Mining before version 4 of its facts kept no orientation, and took the names that match for
   * metrics to be minimized.
   */
  private static final Pattern MINIMIZED_BEFORE = Pattern.compile(".*(loss|error).*|.*(rmse|mae)");

  private ObjectiveCheck() {}

  /**
   * Records the direction that the campaign states.
   *
   * @throws ObjectiveConflictException if the lake has the opposite one stated
   */
  static void record(SparkLake lake, CampaignSpec spec) {
    requireNoOpposite(StudyDirections.read(lake), spec);
    StudyDirections.add(lake, List.of(stated(spec)));
  }

  /**
   * Requires that nobody stated the opposite direction, and that insights were mined with this one.
   *
   * @throws ObjectiveConflictException otherwise
   */
  static void require(SparkLake lake, CampaignSpec spec) {
    MetricDirections directions = StudyDirections.read(lake);
    requireNoOpposite(directions, spec);
    Objective objective = spec.objective();
    for (TableRow study : minedStudies(lake, objective.metric())) {
      if (minedOrientation(study) != objective.direction().orientation()) {
        Metric known = directions.of(study.text("study"), objective.metric());
        throw new ObjectiveConflictException(
            String.format(
                "Campaign '%s' says %s for metric '%s', but insights on study %s were mined to %s"
                    + " it; run %s",
                spec.campaignId(),
                objective.direction().id(),
                objective.metric(),
                study.text("study"),
                objective.direction().opposite().id(),
                known.direction() == objective.direction()
                    ? "'dormouse mine', then this command again"
                    : "'dormouse plan " + spec.campaignId() + "', which records the direction"));
      }
    }
  }

  private static StatedDirection stated(CampaignSpec spec) {
    return new StatedDirection(
        spec.study().id(),
        spec.objective().metric(),
        spec.objective().direction(),
        Metric.Basis.OBJECTIVE,
        "of campaign '" + spec.campaignId() + "'");
  }

  private static void requireNoOpposite(MetricDirections directions, CampaignSpec spec) {
    Direction direction = spec.objective().direction();
    directions
        .opposingAnywhere(spec.objective().metric(), direction)
        .ifPresent(
            opposite -> {
              throw new ObjectiveConflictException(
                  String.format(
                      "Campaign '%s' says %s for metric '%s', but %s for study %s; create a"
                          + " campaign with that objective.direction, or correct the study by"
                          + " 'dormouse import ... --direction %s --correct-direction'",
                      spec.campaignId(),
                      direction.id(),
                      spec.objective().metric(),
                      opposite.text(),
                      opposite.study(),
                      direction.id()));
            });
  }

  private static List<TableRow> minedStudies(SparkLake lake, String metric) {
    return lake.collect(
        StudyFactsTable.TABLE,
        lake.read(StudyFactsTable.TABLE)
            .where(col("fact").equalTo("study").and(col("metric").equalTo(metric)))
            .orderBy("study"));
  }

  private static int minedOrientation(TableRow study) {
    Double kept = study.fractionMap("numbers").get("orientation");
    if (kept != null) {
      return kept.intValue();
    }
    String name = study.text("metric").toLowerCase(Locale.ROOT);
    return MINIMIZED_BEFORE.matcher(name).matches() ? -1 : 1;
  }
}
