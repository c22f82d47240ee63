package dev.dormouse.report;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Phase;
import dev.dormouse.summary.CampaignSummary;
import dev.dormouse.summary.Numbers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Positions of a plot of the finished runs over time, coloured by phase, and below it on the same
 * time axis of the remaining budget. Pure.
 *
 * @param leftEdge where the time axis begins
 * @param bands from the first to the last run of each phase
 * @param bars one per run
 */
record TimePlot(
    double width,
    double height,
    double leftEdge,
    TimeAxis time,
    List<Band> bands,
    List<Bar> bars,
    BudgetCurve budget) {
  private static final double WIDTH = 1000;
  private static final double LEFT = 60;
  private static final double RIGHT = 985;
  private static final double LANE = 16;
  private static final double BURN_DOWN = 150;
  private static final double GAP = 34;
  private static final double HEAD = 24;
  private static final double LETTER = 6.6;

  /** The time axis at height {@code y}. */
  record TimeAxis(String unit, double y, List<Axis.Tick> ticks) {}

  /** From the first run of a phase to its last; the label is empty where there is no room. */
  record Band(double x, double width, String style, String label) {}

  /** A run; {@code failed} ones are drawn hollow. */
  record Bar(
      double x,
      double y,
      double width,
      double height,
      String style,
      boolean failed,
      String title,
      String anchor) {}

  /**
   * The remaining budget, GPU-hours.
   *
   * @param top height of the whole cap
   * @param points the remaining budget as points of a polyline
   * @param planned what the plan expected to leave, if that is above 0
   * @param end what is left
   */
  record BudgetCurve(
      double top, List<Axis.Tick> ticks, String points, List<Axis.Tick> planned, Axis.Tick end) {}

  static TimePlot of(CampaignState state, ReportRuns listed) {
    List<Attempt> runs =
        state.attempts().values().stream()
            .filter(attempt -> attempt.outcome().isPresent())
            .sorted(Comparator.comparing((Attempt attempt) -> outcome(attempt).startedAt()))
            .toList();
    Timeline timeline = Timeline.of(runs);
    Axis time = timeline.axis();
    List<Bar> bars = new ArrayList<>();
    List<Instant> lanes = new ArrayList<>();
    for (Attempt run : runs) {
      bars.add(bar(run, lane(lanes, outcome(run)), timeline, listed));
    }
    double top = HEAD + lanes.size() * LANE + GAP;
    return new TimePlot(
        WIDTH,
        top + BURN_DOWN + 40,
        LEFT,
        new TimeAxis(timeline.unit().label(), top + BURN_DOWN, time.ticks()),
        bands(runs, timeline),
        bars,
        budget(state, runs, timeline, top));
  }

  private static Bar bar(Attempt run, int lane, Timeline timeline, ReportRuns listed) {
    double from = timeline.x(outcome(run).startedAt());
    double to = timeline.x(outcome(run).finishedAt());
    return new Bar(
        from,
        HEAD + lane * LANE + 2,
        Axis.tenth(Math.max(1.5, to - from - 1)),
        LANE - 4,
        run.trial().phase().id(),
        CampaignSummary.failed(run),
        title(run),
        listed.anchor(run.key()));
  }

  private static List<Band> bands(List<Attempt> runs, Timeline timeline) {
    List<Band> bands = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      List<RunOutcome> outcomes =
          runs.stream().filter(run -> run.trial().phase() == phase).map(TimePlot::outcome).toList();
      if (!outcomes.isEmpty()) {
        Instant first = outcomes.stream().map(RunOutcome::startedAt).min(Instant::compareTo).get();
        Instant last = outcomes.stream().map(RunOutcome::finishedAt).max(Instant::compareTo).get();
        double from = timeline.x(first);
        double width = Axis.tenth(timeline.x(last) - from);
        boolean fits = phase.id().length() * LETTER < width;
        bands.add(new Band(from, width, phase.id(), fits ? phase.id() : ""));
      }
    }
    return bands;
  }

  /** Takes the first lane that is free at the run's start, until the run's end. */
  private static int lane(List<Instant> lanes, RunOutcome run) {
    for (int lane = 0; lane < lanes.size(); lane++) {
      if (!lanes.get(lane).isAfter(run.startedAt())) {
        lanes.set(lane, run.finishedAt());
        return lane;
      }
    }
    lanes.add(run.finishedAt());
    return lanes.size() - 1;
  }

  private static BudgetCurve budget(
      CampaignState state, List<Attempt> runs, Timeline timeline, double top) {
    double cap = GpuHours.hours(state.approval().map(CampaignState.Approval::capMicros).orElse(0L));
    Axis budget = new Axis(0, cap, top + BURN_DOWN, top);
    double left =
        cap - GpuHours.hours(runs.stream().mapToLong(run -> outcome(run).costMicros()).sum());
    return new BudgetCurve(
        top,
        budget.ticks(),
        points(runs, timeline, budget, cap),
        state.plan().stream()
            .map(plan -> cap - GpuHours.hours(plan.cost().expectedMicros()))
            .filter(expected -> expected > 0 && !runs.isEmpty())
            .map(expected -> new Axis.Tick(budget.at(expected), Numbers.gpuHours(expected)))
            .toList(),
        new Axis.Tick(budget.at(left), Numbers.gpuHours(left)));
  }

  private static String points(List<Attempt> runs, Timeline timeline, Axis budget, double cap) {
    StringBuilder points = new StringBuilder();
    double left = cap;
    point(points, LEFT, budget.at(left));
    List<RunOutcome> byEnd =
        runs.stream()
            .map(TimePlot::outcome)
            .sorted(Comparator.comparing(RunOutcome::finishedAt))
            .toList();
    for (RunOutcome run : byEnd) {
      double x = timeline.x(run.finishedAt());
      point(points, x, budget.at(left));
      left -= GpuHours.hours(run.costMicros());
      point(points, x, budget.at(left));
    }
    return points.toString();
  }

  private static void point(StringBuilder points, double x, double y) {
    points.append(x).append(',').append(y).append(' ');
  }

  private static String title(Attempt run) {
    return String.format(
        Locale.ROOT,
        "%s: %s, %s",
        run.key().runId(),
        outcome(run).status().id(),
        GpuHours.text(outcome(run).costMicros()));
  }

  private static RunOutcome outcome(Attempt attempt) {
    return attempt.outcome().orElseThrow();
  }

  /** Converts instants to positions on the time axis. */
  private record Timeline(Instant start, TimeUnit unit, Axis axis) {
    static Timeline of(List<Attempt> runs) {
      Instant start =
          runs.stream()
              .map(a -> outcome(a).startedAt())
              .min(Instant::compareTo)
              .orElse(Instant.EPOCH);
      Instant end =
          runs.stream().map(a -> outcome(a).finishedAt()).max(Instant::compareTo).orElse(start);
      TimeUnit unit = TimeUnit.of(Duration.between(start, end));
      return new Timeline(
          start, unit, new Axis(0, unit.count(Duration.between(start, end)), LEFT, RIGHT));
    }

    double x(Instant at) {
      return axis.at(unit.count(Duration.between(start, at)));
    }
  }

  private record TimeUnit(String label, double seconds) {
    static TimeUnit of(Duration whole) {
      if (whole.toMinutes() < 5) {
        return new TimeUnit("seconds", 1);
      }
      return whole.toHours() < 5 ? new TimeUnit("minutes", 60) : new TimeUnit("hours", 3600);
    }

    double count(Duration time) {
      return time.toMillis() / 1000.0 / seconds;
    }
  }
}
