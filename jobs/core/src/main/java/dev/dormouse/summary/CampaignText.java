package dev.dormouse.summary;

import dev.dormouse.summary.CampaignSummary.Gain;
import dev.dormouse.summary.CampaignSummary.PhaseCounts;
import java.util.Locale;
import java.util.Optional;

/** Formats a {@link CampaignSummary} as a few aligned lines for a terminal. Pure. */
public final class CampaignText {
  private static final int BAR = 24;
  private static final String ROW = "  %-13s %7s %7s %7s %7s\n";

  private CampaignText() {}

  /** Returns the summary without colours; each line ends with a newline. */
  public static String of(CampaignSummary summary) {
    StringBuilder text = new StringBuilder();
    text.append("Campaign ").append(summary.campaign()).append(": ");
    text.append(summary.status().replace('_', ' ')).append('\n');
    line(text, "goal", summary.goal());
    text.append(String.format(Locale.ROOT, ROW, "phase", "planned", "done", "failed", "open"));
    summary.phases().forEach(phase -> text.append(row(phase)));
    summary.results().gain().ifPresent(gain -> line(text, "best", gain(gain)));
    summary.results().winner().ifPresent(winner -> line(text, "", winner.changes()));
    summary.results().testGain().ifPresent(gain -> line(text, "test", gain(gain)));
    line(text, "budget", budget(summary.budget()));
    line(text, "runs", runs(summary));
    summary
        .waiting()
        .pendingApproval()
        .ifPresent(hash -> line(text, "waits", "for approval of plan " + hash));
    summary.waiting().replanned().ifPresent(reason -> line(text, "", reason));
    summary.waiting().hindrance().ifPresent(reason -> line(text, "trouble", reason));
    summary.conclusion().verdict().ifPresent(verdict -> line(text, "verdict", verdict));
    summary.conclusion().explanation().ifPresent(why -> line(text, "", why));
    return text.toString();
  }

  private static String row(PhaseCounts phase) {
    return String.format(
        Locale.ROOT,
        ROW,
        phase.phase(),
        phase.planned(),
        phase.done(),
        phase.failed(),
        phase.open());
  }

  private static String runs(CampaignSummary summary) {
    CampaignSummary.Events events = summary.events();
    return events.failedRuns()
        + " failed, "
        + events.failuresHandled()
        + " failures handled; human touches: "
        + events.touches();
  }

  private static String gain(Gain gain) {
    return Numbers.forTerminal(Numbers.gain(gain.mean()))
        + " "
        + interval(gain.low(), gain.high())
        + (gain.basis().equals("search")
            ? ", best of the search, not confirmed"
            : String.format(
                Locale.ROOT,
                ", %d fresh seed pairs, p %s",
                gain.pairs(),
                gain.pValue().map(Numbers::pValue).orElse("unknown")));
  }

  private static String interval(Optional<Double> low, Optional<Double> high) {
    return low.isPresent() && high.isPresent()
        ? Numbers.forTerminal(Numbers.interval(low.get(), high.get()))
        : "(interval not known yet)";
  }

  private static String budget(CampaignSummary.Budget budget) {
    if (budget.capGpuHours() == 0) {
      return "none approved yet";
    }
    int used = cells(budget.usedGpuHours() / budget.capGpuHours());
    int held = Math.min(BAR - used, cells(budget.reservedGpuHours() / budget.capGpuHours()));
    return String.format(
        Locale.ROOT,
        "[%s%s%s] %.3f of %.3f GPU-hours (%.1f%%)",
        "#".repeat(used),
        "-".repeat(held),
        ".".repeat(BAR - used - held),
        budget.usedGpuHours(),
        budget.capGpuHours(),
        100 * budget.usedGpuHours() / budget.capGpuHours());
  }

  private static int cells(double share) {
    return (int) Math.min(BAR, Math.ceil(share * BAR));
  }

  private static void line(StringBuilder text, String label, String value) {
    text.append(String.format(Locale.ROOT, "  %-8s%s\n", label, value));
  }
}
