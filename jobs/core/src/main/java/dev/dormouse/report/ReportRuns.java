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
 * The runs of a campaign, by arm: what every number of the report links to. Anchors are made of
 * numbers of ours, never of text from outside. Pure.
 *
 * @param groups baseline first, then the arms in the order tried, then the confirmation
 * @param anchors where each run is listed
 */
record ReportRuns(List<Group> groups, Map<TrialKey, String> anchors) {
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
      String anchor,
      String run,
      String seed,
      String status,
      String value,
      String testValue,
      String cost,
      String began,
      String took,
      String externalId) {}

  ReportRuns {
    groups = List.copyOf(groups);
    anchors = Map.copyOf(anchors);
  }

  static ReportRuns of(CampaignState state, CampaignResults results) {
    CampaignSpec spec = state.spec().orElseThrow();
    Builder builder = new Builder(state, spec);
    builder.add(
        BASELINE,
        "Baseline",
        Phase.BASELINE,
        a -> a.trial().phase() != Phase.CONFIRMATION && a.trial().arm().equals(spec.baseline()));
    int number = 1;
    for (ArmResult arm : results.arms()) {
      builder.add(
          arm(number),
          number + "  " + arm.what(),
          arm.phase(),
          a -> CampaignResults.isSearch(spec, a) && a.trial().arm().equals(arm.arm()));
      number++;
    }
    builder.add(
        CONFIRMED_BASELINE, "Confirmation: baseline", Phase.CONFIRMATION, confirms(spec, true));
    builder.add(
        CONFIRMED_WINNER, "Confirmation: winner", Phase.CONFIRMATION, confirms(spec, false));
    return new ReportRuns(builder.groups, builder.anchors);
  }

  private static Predicate<Attempt> confirms(CampaignSpec spec, boolean baseline) {
    return a ->
        a.trial().phase() == Phase.CONFIRMATION
            && a.trial().arm().equals(spec.baseline()) == baseline;
  }

  /** The anchor of the arm that was tried as the so manieth. */
  static String arm(int number) {
    return "runs-arm-" + number;
  }

  /** Where a run is listed; the whole list if it never came to be. */
  String anchor(TrialKey key) {
    return anchors.getOrDefault(key, ALL);
  }

  /** Where the runs of each arm are listed. */
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

    void add(String anchor, String title, Phase phase, Predicate<Attempt> belongs) {
      List<Line> lines = new ArrayList<>();
      for (Attempt attempt : state.attempts().values()) {
        if (!attempt.released() && belongs.test(attempt)) {
          String own = "run-" + (anchors.size() + 1);
          anchors.put(attempt.key(), own);
          lines.add(line(own, attempt));
        }
      }
      // An empty group stays, so that links to it lead somewhere.
      groups.add(new Group(anchor, title, phase.id(), List.copyOf(lines)));
    }

    private Line line(String anchor, Attempt attempt) {
      String metric = spec.objective().metric();
      return new Line(
          anchor,
          attempt.key().runId(),
          Long.toString(attempt.trial().seed()),
          attempt.outcome().map(o -> o.status().id()).orElse("running"),
          metric(attempt, metric),
          metric(attempt, "test_" + metric),
          attempt.outcome().map(o -> Numbers.gpuHours(o.costMicros())).orElse(""),
          attempt.outcome().map(o -> ReportView.second(o.startedAt())).orElse(""),
          attempt.outcome().map(Builder::took).orElse(""),
          // Where a process of this machine lies says nothing to readers elsewhere.
          attempt
              .externalId()
              .filter(id -> !id.equals(attempt.key().runId()) && !id.contains("/"))
              .orElse(""));
    }

    private static String metric(Attempt attempt, String name) {
      return attempt
          .outcome()
          .map(RunOutcome::metrics)
          .filter(metrics -> metrics.containsKey(name))
          .map(metrics -> Numbers.metric(metrics.get(name)))
          .orElse("");
    }

    private static String took(RunOutcome outcome) {
      Duration time = Duration.between(outcome.startedAt(), outcome.finishedAt());
      return time.toMinutes() < 10
          ? String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0)
          : String.format(Locale.ROOT, "%.1f min", time.toMillis() / 60_000.0);
    }
  }
}
