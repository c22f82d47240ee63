package dev.dormouse.report;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Phase;
import dev.dormouse.summary.ArmResult;
import dev.dormouse.summary.CampaignResults;
import dev.dormouse.summary.Numbers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The runs of a campaign, grouped by arm. Every number of the report links here. Anchors consist of
 * fixed words and counters, never of text from outside. Pure.
 *
 * @param metric name of the objective's metric
 * @param groups baseline first, then the arms in the order tried, then the confirmation
 * @param anchors the place on the page of each run
 */
record ReportRuns(String metric, List<Group> groups, Map<TrialKey, String> anchors) {
  static final String BASELINE = "runs-baseline";
  static final String CONFIRMED_BASELINE = "runs-confirmed-baseline";
  static final String CONFIRMED_WINNER = "runs-confirmed-winner";
  static final String ALL = "runs";

  /**
   * The runs of one arm.
   *
   * @param style the phase's name
   */
  record Group(String anchor, String title, String style, List<Line> lines) {}

  /** One run. */
  record Line(
      String anchor, String run, String externalId, String seed, Result result, Usage usage) {}

  /** How a run ended; values are empty where the trainer reported none. */
  record Result(String status, String value, String testValue) {
    private static Result of(Attempt attempt, String metric) {
      return new Result(
          attempt.outcome().map(o -> o.status().id()).orElse("running"),
          value(attempt, metric),
          value(attempt, "test_" + metric));
    }

    private static String value(Attempt attempt, String metric) {
      return attempt
          .outcome()
          .map(RunOutcome::metrics)
          .filter(metrics -> metrics.containsKey(metric))
          .map(metrics -> Numbers.metric(metrics.get(metric)))
          .orElse("");
    }
  }

  /**
   * What a run used; empty until it has ended.
   *
   * @param cost GPU-hours
   */
  record Usage(String cost, String began, String took) {
    private static Usage of(Attempt attempt) {
      return attempt
          .outcome()
          .map(
              outcome ->
                  new Usage(
                      Numbers.gpuHours(outcome.costMicros()),
                      Timestamps.second(outcome.startedAt()),
                      took(Duration.between(outcome.startedAt(), outcome.finishedAt()))))
          .orElse(new Usage("", "", ""));
    }

    private static String took(Duration time) {
      return time.toMinutes() < 10
          ? String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0)
          : String.format(Locale.ROOT, "%.1f min", time.toMillis() / 60_000.0);
    }
  }

  ReportRuns {
    groups = List.copyOf(groups);
    anchors = Map.copyOf(anchors);
  }

  static ReportRuns of(CampaignState state, CampaignResults results) {
    CampaignSpec spec = state.spec().orElseThrow();
    Predicate<Attempt> isBaseline = a -> a.trial().arm().equals(spec.baseline());
    Predicate<Attempt> isConfirmation = a -> a.trial().phase() == Phase.CONFIRMATION;
    Builder builder = new Builder(state, spec);
    builder.add(BASELINE, "Baseline", Phase.BASELINE, isBaseline.and(isConfirmation.negate()));
    int number = 1;
    for (ArmResult arm : results.arms()) {
      builder.add(
          arm(number),
          number + "  " + arm.what(),
          arm.origin().phase(),
          a -> CampaignResults.isSearch(spec, a) && a.trial().arm().equals(arm.arm()));
      number++;
    }
    builder.add(
        CONFIRMED_BASELINE,
        "Confirmation: baseline",
        Phase.CONFIRMATION,
        isConfirmation.and(isBaseline));
    builder.add(
        CONFIRMED_WINNER,
        "Confirmation: winner",
        Phase.CONFIRMATION,
        isConfirmation.and(isBaseline.negate()));
    return new ReportRuns(spec.objective().metric(), builder.groups, builder.anchors);
  }

  /**
   * Returns the anchor of an arm's runs.
   *
   * @param number position in the order tried, from 1
   */
  static String arm(int number) {
    return "runs-arm-" + number;
  }

  /** Returns the anchor of a run; that of the whole list if the run was never launched. */
  String anchor(TrialKey key) {
    return anchors.getOrDefault(key, ALL);
  }

  /** Returns the anchor of each arm's runs. */
  static Map<Arm, String> anchorsOfArms(CampaignResults results) {
    Map<Arm, String> anchors = new HashMap<>();
    int number = 1;
    for (ArmResult arm : results.arms()) {
      anchors.put(arm.arm(), arm(number++));
    }
    return anchors;
  }

  private static final class Builder {
    private final CampaignState state;
    private final CampaignSpec spec;
    private final List<Group> groups = new ArrayList<>();
    private final Map<TrialKey, String> anchors = new HashMap<>();

    Builder(CampaignState state, CampaignSpec spec) {
      this.state = state;
      this.spec = spec;
    }

    /** Adds a group even if it is empty, so that links to it have a target. */
    void add(String anchor, String title, Phase phase, Predicate<Attempt> belongs) {
      List<Line> lines = new ArrayList<>();
      for (Attempt attempt : state.attempts().values()) {
        if (!attempt.released() && belongs.test(attempt)) {
          String own = "run-" + (anchors.size() + 1);
          anchors.put(attempt.key(), own);
          lines.add(line(own, attempt));
        }
      }
      groups.add(new Group(anchor, title, phase.id(), List.copyOf(lines)));
    }

    private Line line(String anchor, Attempt attempt) {
      return new Line(
          anchor,
          attempt.key().runId(),
          // The directory of a local process means nothing on another machine.
          attempt
              .externalId()
              .filter(id -> !id.equals(attempt.key().runId()) && !id.contains("/"))
              .orElse(""),
          Long.toString(attempt.trial().seed()),
          Result.of(attempt, spec.objective().metric()),
          Usage.of(attempt));
    }
  }
}
