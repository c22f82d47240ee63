package dev.dormouse.plan;

import dev.dormouse.io.SparkLake;
import dev.dormouse.io.StudyDirections;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Metric;
import dev.dormouse.model.MetricDirections;
import dev.dormouse.model.Objective.Direction;
import dev.dormouse.model.StatedDirection;
import dev.dormouse.table.StudyFactsTable;
import dev.dormouse.table.TableRow;
import java.util.Comparator;
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
   * @throws ObjectiveConflictException if the lake has the opposite one for the metric
   */
  static void record(SparkLake lake, CampaignSpec spec) {
    MetricDirections known = StudyDirections.read(lake);
    requireNoOpposite(known, minedStudies(lake, spec), spec);
    StudyDirections.add(lake, List.of(stated(spec)));
  }

  /**
   * Requires that the lake does not have the opposite direction for the metric, and that its
   * insights were mined with the campaign's.
   *
   * @throws ObjectiveConflictException otherwise
   */
  static void require(SparkLake lake, CampaignSpec spec) {
    MetricDirections known = StudyDirections.read(lake);
    List<TableRow> mined = minedStudies(lake, spec);
    requireNoOpposite(known, mined, spec);
    Direction direction = spec.objective().direction();
    mined.stream()
        .filter(study -> minedOrientation(study) != direction.orientation())
        .map(study -> study.text("study"))
        .findFirst()
        .ifPresent(
            study -> {
              boolean recorded = known.of(study, metric(spec)).direction() == direction;
              throw conflict(
                  spec,
                  "insights on study "
                      + study
                      + " were mined to "
                      + direction.opposite().id()
                      + " it; run "
                      + (recorded
                          ? "'dormouse mine', then this command again"
                          : "'dormouse plan "
                              + spec.campaignId()
                              + "', which records the direction"));
            });
  }

  private static void requireNoOpposite(
      MetricDirections known, List<TableRow> mined, CampaignSpec spec) {
    Direction direction = spec.objective().direction();
    known
        .opposingAnywhere(metric(spec), direction)
        .ifPresent(
            opposite -> {
              throw conflict(
                  spec,
                  opposite.text()
                      + " for study "
                      + opposite.study()
                      + "; create a campaign with that objective.direction, or correct the study by"
                      + " 'dormouse import ... --direction "
                      + direction.id()
                      + " --correct-direction'");
            });
    MetricDirections together = known.with(stated(spec));
    mined.stream()
        .map(study -> study.text("study"))
        .filter(study -> together.of(study, metric(spec)).direction() != direction)
        .findFirst()
        .ifPresent(
            study -> {
              throw conflict(
                  spec,
                  "it is a well-known metric, with "
                      + direction.opposite().id()
                      + " for study "
                      + study
                      + "; create a campaign with that objective.direction, or with another name"
                      + " for the metric");
            });
  }

  private static ObjectiveConflictException conflict(CampaignSpec spec, String but) {
    return new ObjectiveConflictException(
        "Campaign '"
            + spec.campaignId()
            + "' says "
            + spec.objective().direction().id()
            + " for metric '"
            + metric(spec)
            + "', but "
            + but);
  }

  private static StatedDirection stated(CampaignSpec spec) {
    return new StatedDirection(
        spec.study().id(),
        metric(spec),
        spec.objective().direction(),
        Metric.Basis.OBJECTIVE,
        "of campaign '" + spec.campaignId() + "'");
  }

  private static String metric(CampaignSpec spec) {
    return spec.objective().metric();
  }

  private static List<TableRow> minedStudies(SparkLake lake, CampaignSpec spec) {
    return lake.kernel().readWhere(StudyFactsTable.TABLE, "fact", "study").rows().stream()
        .filter(study -> metric(spec).equals(study.text("metric")))
        .sorted(Comparator.comparing(study -> study.text("study")))
        .toList();
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
