package dev.dormouse.plan;

import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.Plan.PhasePlan;
import java.util.List;
import java.util.Locale;

/** Writes a plan as Markdown. */
public final class PlanText {
  private static final int SHOWN_LEFT_OUT = 6;

  private PlanText() {}

  /**
   * Returns a new plan as Markdown: phases, cautions, hypotheses, stop rules and what is left out.
   */
  public static String markdown(Plan plan) {
    return markdown(plan, plan.hash());
  }

  /**
   * Returns a recorded plan as Markdown.
   *
   * @param planHash its recorded hash
   */
  public static String markdown(Plan plan, String planHash) {
    return markdown(plan, planHash, "");
  }

  /**
   * Returns a recorded plan as Markdown.
   *
   * @param planHash its recorded hash
   * @param reason why it replaces an earlier plan; empty if a person asked for it
   */
  public static String markdown(Plan plan, String planHash, String reason) {
    StringBuilder text = new StringBuilder();
    text.append("# Plan ").append(planHash).append(" of campaign ").append(plan.campaignId());
    if (!reason.isEmpty()) {
      text.append("\n\nThis plan replaces an earlier one: ").append(reason).append('.');
    }
    text.append("\n\nExpected cost: ").append(cost(plan.cost()));
    text.append(", known from ").append(plan.cost().basis());
    text.append("; cap ").append(GpuHours.text(plan.capMicros())).append(".\n\n");
    text.append("| phase | runs | expected cost | what for |\n|---|---:|---|---|\n");
    plan.phases().forEach(phase -> text.append(row(phase)));
    plan.basis()
        .map(Plan.Basis::better)
        .filter(better -> !better.isEmpty())
        .ifPresent(better -> text.append(known(better)));
    plan.basis()
        .flatMap(Plan.Basis::betterBaseline)
        .ifPresent(sentence -> text.append('\n').append(sentence).append('\n'));
    plan.basis()
        .map(Plan.Basis::cautions)
        .filter(cautions -> !cautions.isEmpty())
        .ifPresent(cautions -> text.append(cautions(cautions)));
    text.append("\n## Hypotheses, best first\n\n");
    text.append("| | change | gain | P(gain) | P(failure) | source | why |\n");
    text.append("|---:|---|---|---:|---:|---|---|\n");
    int rank = 1;
    for (Hypothesis hypothesis : plan.hypotheses()) {
      text.append(row(rank++, hypothesis));
    }
    text.append("\n## Stop rules\n\n");
    plan.stopRules().forEach(rule -> text.append("- ").append(rule).append('\n'));
    text.append("\n## Not tried\n\n");
    if (plan.notTried().isEmpty()) {
      text.append("Nothing was left out.\n");
    }
    plan.notTried().stream()
        .limit(SHOWN_LEFT_OUT)
        .forEach(
            left ->
                text.append("- ").append(left.what()).append(": ").append(left.why()).append('\n'));
    if (plan.notTried().size() > SHOWN_LEFT_OUT) {
      text.append("- and ")
          .append(plan.notTried().size() - SHOWN_LEFT_OUT)
          .append(" more; the plan as JSON has them all\n");
    }
    return text.toString();
  }

  /** Tells what needs no search, since the study has it already. */
  private static String known(List<Hypothesis> better) {
    StringBuilder text = new StringBuilder();
    text.append("\n## Known already\n\n");
    text.append("Earlier runs of this study beat the baseline. They are not trained again in the");
    text.append(" search, which goes on around them; unless it finds more, confirmation compares");
    text.append(" the first of them with the baseline on fresh seeds.\n\n");
    text.append("| change | gain | P(gain) | why |\n|---|---|---:|---|\n");
    for (Hypothesis known : better) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %+.5f +- %.5f | %.2f | %s |\n",
              changes(known),
              known.forecast().gain(),
              known.forecast().gainSd(),
              known.forecast().pSuccess(),
              cell(known.rationale())));
    }
    return text.toString();
  }

  private static String cautions(List<String> cautions) {
    StringBuilder text = new StringBuilder("\n## What history cannot tell\n\n");
    cautions.forEach(caution -> text.append("- ").append(caution.replace('\n', ' ')).append('\n'));
    return text.toString();
  }

  private static String row(PhasePlan phase) {
    return String.format(
        Locale.ROOT,
        "| %s | %d | %s | %s |\n",
        phase.phase().id(),
        phase.trials(),
        cost(phase.cost()),
        phase.purpose());
  }

  private static String row(int rank, Hypothesis hypothesis) {
    Hypothesis.Forecast forecast = hypothesis.forecast();
    return String.format(
        Locale.ROOT,
        "| %d | %s | %+.5f +- %.5f | %.2f | %.2f | %s | %s |\n",
        rank,
        changes(hypothesis),
        forecast.gain(),
        forecast.gainSd(),
        forecast.pSuccess(),
        forecast.pFailure(),
        hypothesis.source().id(),
        cell(hypothesis.rationale()));
  }

  private static String changes(Hypothesis hypothesis) {
    return cell(String.join(", ", hypothesis.changes().stream().map(Object::toString).toList()));
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace('\n', ' ');
  }

  private static String cost(CostEstimate cost) {
    return GpuHours.text(cost.expectedMicros())
        + " ("
        + GpuHours.text(cost.lowMicros())
        + " to "
        + GpuHours.text(cost.highMicros())
        + ")";
  }
}
