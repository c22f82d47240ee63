package dev.dormouse.cli.text;

import dev.dormouse.learn.LearnSummary;
import dev.dormouse.learn.LearnSummary.Mining;
import dev.dormouse.learn.LearnSummary.PlanOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes what a learning did as a few lines. Pure. */
public final class LearnText {
  private LearnText() {}

  /** Returns the lines. */
  public static List<String> lines(LearnSummary summary) {
    List<String> lines = new ArrayList<>();
    summary.ended().forEach(ended -> lines.add("Since the last learning " + ended + "."));
    summary.mining().ifPresent(mining -> lines.add(mined(mining)));
    summary.plans().forEach(plan -> lines.add(plan(plan)));
    lines.addAll(summary.failures());
    if (lines.isEmpty()) {
      lines.add("Nothing is new since the last learning.");
    } else if (summary.mining().isEmpty()) {
      lines.add(0, "No run is new since the last mining.");
    }
    return lines;
  }

  private static String mined(Mining mining) {
    return String.format(
        Locale.ROOT,
        "Mined %,d runs of %,d studies: facts of %,d studies were computed, those of %,d were"
            + " known; %,d insights.",
        mining.runs(),
        mining.studies(),
        mining.computed(),
        mining.studies() - mining.computed(),
        mining.insights());
  }

  private static String plan(PlanOutcome plan) {
    return switch (plan.fate()) {
      case REPLACED ->
          "Campaign "
              + plan.campaign()
              + ": plan "
              + plan.newHash()
              + " takes the place of "
              + plan.oldHash()
              + ", which can no longer be approved; "
              + plan.reason()
              + ".";
      case KEPT ->
          "Campaign " + plan.campaign() + ": plan " + plan.oldHash() + " still waits for approval.";
      case ANSWERED ->
          "Campaign "
              + plan.campaign()
              + ": somebody answered about plan "
              + plan.oldHash()
              + " in the meantime; it was left alone.";
    };
  }
}
