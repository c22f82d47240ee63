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
 * Where to draw the finished runs over time, coloured by phase, and under them on the same time
 * axis what was left of the budget.
 *
 * @param bars one a run
 * @param bands from the first to the last run of each phase
 * @param budgetTop where the whole cap is left
 * @param left the budget left, as points of a polyline
 * @param planned what the plan expected to leave, if that is above 0
 * @param end what is left
 * @param axisY where the time axis lies
 */
record TimePlot(
    double width,
    double height,
    double leftEdge,
    double axisY,
    String unit,
    List<Axis.Tick> times,
    List<Axis.Tick> hours,
    List<Band> bands,
    List<Bar> bars,
    double budgetTop,
    String left,
    List<Axis.Tick> planned,
    Axis.Tick end) {
  private static final double WIDTH = 1000;
  private static final double LEFT = 60;
  private static final double RIGHT = 985;
  private static final double LANE = 16;
  private static final double BURN_DOWN = 150;
  private static final double GAP = 34;
  private static final double HEAD = 24;
  private static final double LETTER = 6.6;

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

  static TimePlot of(CampaignState state, ReportRuns listed) {
    List<Attempt> runs =
        state.attempts().values().stream()
            .filter(attempt -> attempt.outcome().isPresent())
            .sorted(Comparator.comparing((Attempt attempt) -> outcome(attempt).startedAt()))
            .toList();
    Instant start =
        runs.stream()
            .map(a -> outcome(a).startedAt())
            .min(Instant::compareTo)
            .orElse(Instant.EPOCH);
    Instant end =
        runs.stream().map(a -> outcome(a).finishedAt()).max(Instant::compareTo).orElse(start);
    Unit unit = Unit.of(Duration.between(start, end));
    Axis time = new Axis(0, unit.of(start, end), LEFT, RIGHT);
    List<Bar> bars = new ArrayList<>();
    List<Instant> lanes = new ArrayList<>();
    for (Attempt run : runs) {
      int lane = lane(lanes, outcome(run));
      double from = time.at(unit.of(start, outcome(run).startedAt()));
      double to = time.at(unit.of(start, outcome(run).finishedAt()));
      bars.add(
          new Bar(
              from,
              HEAD + lane * LANE + 2,
              Axis.tenth(Math.max(1.5, to - from - 1)),
              LANE - 4,
              run.trial().phase().id(),
              CampaignSummary.failed(run),
              title(run),
              listed.anchor(run.key())));
    }
    double top = HEAD + lanes.size() * LANE + GAP;
    double cap = GpuHours.hours(state.approval().map(CampaignState.Approval::capMicros).orElse(0L));
    Axis budget = new Axis(0, cap, top + BURN_DOWN, top);
    return new TimePlot(
        WIDTH,
        top + BURN_DOWN + 40,
        LEFT,
        top + BURN_DOWN,
        unit.label(),
        time.ticks(),
        budget.ticks(),
        bands(runs, start, unit, time),
        bars,
        top,
        burnDown(runs, start, unit, time, budget, cap),
        state.plan().stream()
            .map(plan -> cap - GpuHours.hours(plan.cost().expectedMicros()))
            .filter(left -> left > 0 && !runs.isEmpty())
            .map(left -> new Axis.Tick(budget.at(left), Numbers.gpuHours(left)))
            .toList(),
        end(runs, budget, cap));
  }

  private static Axis.Tick end(List<Attempt> runs, Axis budget, double cap) {
    double left =
        cap - GpuHours.hours(runs.stream().mapToLong(run -> outcome(run).costMicros()).sum());
    return new Axis.Tick(budget.at(left), Numbers.gpuHours(left));
  }

  private static List<Band> bands(List<Attempt> runs, Instant start, Unit unit, Axis time) {
    List<Band> bands = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      List<RunOutcome> its =
          runs.stream().filter(run -> run.trial().phase() == phase).map(TimePlot::outcome).toList();
      if (!its.isEmpty()) {
        Instant first = its.stream().map(RunOutcome::startedAt).min(Instant::compareTo).get();
        Instant last = its.stream().map(RunOutcome::finishedAt).max(Instant::compareTo).get();
        double from = time.at(unit.of(start, first));
        double width = Axis.tenth(time.at(unit.of(start, last)) - from);
        boolean fits = phase.id().length() * LETTER < width;
        bands.add(new Band(from, width, phase.id(), fits ? phase.id() : ""));
      }
    }
    return bands;
  }

  /** The first lane that is free when the run starts; it is taken until the run ends. */
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

  private static String burnDown(
      List<Attempt> runs, Instant start, Unit unit, Axis time, Axis budget, double cap) {
    StringBuilder points = new StringBuilder();
    double left = cap;
    point(points, time.at(0), budget.at(left));
    List<RunOutcome> byEnd =
        runs.stream()
            .map(TimePlot::outcome)
            .sorted(Comparator.comparing(RunOutcome::finishedAt))
            .toList();
    for (RunOutcome run : byEnd) {
      double x = time.at(unit.of(start, run.finishedAt()));
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

  private record Unit(String label, double seconds) {
    static Unit of(Duration whole) {
      if (whole.toMinutes() < 5) {
        return new Unit("seconds", 1);
      }
      return whole.toHours() < 5 ? new Unit("minutes", 60) : new Unit("hours", 3600);
    }

    double of(Instant from, Instant to) {
      return Duration.between(from, to).toMillis() / 1000.0 / seconds;
    }
  }
}
