package dev.dormouse.mlflow;

import dev.dormouse.campaign.CampaignEvent.Diagnosed;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.Verdict.Comparison;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan.PhasePlan;
import dev.dormouse.model.RunStatus;
import dev.dormouse.plan.PlanText;
import dev.dormouse.summary.CampaignResults;
import dev.dormouse.summary.CampaignSummary;
import dev.dormouse.summary.Numbers;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Writes the descriptions that MLflow shows on its pages, as Markdown. Pure. */
final class CampaignNotes {
  private CampaignNotes() {}

  /** Describes the experiment: the goal, and how to read the page. */
  static String experiment(CampaignState state, CampaignSpec spec) {
    return """
    ## Goal: %s
    The primary metric is **%s**; a gain below %s is not worth having. The baseline is `%s`.

    [**The story as a table**](#/experiments/%s/runs?viewStateShareKey=%s): every training under its phase, in order, with its gain and \
    what was forecast. [As curves](#/experiments/%s/runs?compareRunsMode=CHART).

    Dormouse writes this page after each of its ticks. The run **campaign %s** has the plan and the verdict as its description, the \
    curves `campaign/...` (one step for each training), what people had to do (`productivity/...`), and the report among its \
    artifacts. Below it are the phases, below each phase its trainings, named by what they change. `gain` is over the mean of the \
    baseline, `predicted_gain` was said before; both higher is better. *Source* tells who proposed a training; a FAILED one says why in \
    its tag `dormouse.failure`, a KILLED one promised nothing or took too long.
    """
        .formatted(
            text(CampaignSummary.goal(spec)),
            text(spec.objective().metric()),
            spec.objective().minGain(),
            arm(spec.baseline().asMap()),
            ExperimentItem.EXPERIMENT,
            ExperimentView.KEY,
            ExperimentItem.EXPERIMENT,
            state.campaignId());
  }

  /** Describes the campaign's run: its state, then its plan. */
  static String campaign(CampaignState state, CampaignSpec spec) {
    StringBuilder text = new StringBuilder();
    text.append("## ").append(text(CampaignSummary.goal(spec))).append(": ");
    text.append(state.verdict().map(v -> v.kind().text()).orElse(state.status().id()));
    text.append("\n\n");
    state.verdict().ifPresent(v -> text.append(text(v.explanation())).append("\n\n"));
    if (!state.hindrance().isEmpty()) {
      text.append("**Hindered:** ").append(text(state.hindrance())).append("\n\n");
    }
    state
        .verdict()
        .flatMap(v -> v.test())
        .ifPresent(test -> text.append(comparison(spec, test)).append("\n\n"));
    state
        .plan()
        .map(plan -> PlanText.markdown(plan, state.planHash().orElseThrow(), state.planReason()))
        .ifPresent(plan -> text.append('#').append(plan));
    return text.toString();
  }

  private static String comparison(CampaignSpec spec, Comparison test) {
    return String.format(
        Locale.ROOT,
        """
        | test split, %d seed pairs | %s | 95%% interval |
        |---|---:|---|
        | baseline | %.5f | [%.5f, %.5f] |
        | winner | %.5f | [%.5f, %.5f] |
        | gain | %+.5f | [%+.5f, %+.5f] |\
        """,
        test.pairs(),
        text(spec.objective().metric()),
        test.baselineMean(),
        test.baselineLow(),
        test.baselineHigh(),
        test.winnerMean(),
        test.winnerLow(),
        test.winnerHigh(),
        test.gain(),
        test.gainLow(),
        test.gainHigh());
  }

  /** Describes a phase. */
  static String phase(
      CampaignState state, Phase phase, CampaignSummary.PhaseCounts counts, double hours) {
    String purpose =
        state.plan().stream()
            .flatMap(plan -> plan.phases().stream())
            .filter(entry -> entry.phase() == phase)
            .map(PhasePlan::purpose)
            .findFirst()
            .orElse("");
    return String.format(
        Locale.ROOT,
        "%s\n\n%d planned, %d done, %d failed, %d open; %s spent.\n",
        text(purpose),
        counts.planned(),
        counts.done(),
        counts.failed(),
        counts.open(),
        GpuHours.text(GpuHours.micros(hours)));
  }

  /** Describes a training run: hypothesis, evidence, outcome. */
  static String trial(
      CampaignSpec spec,
      Attempt attempt,
      OptionalDouble gain,
      Optional<Hypothesis> hypothesis,
      Optional<Diagnosed> diagnosis,
      Optional<String> airflow) {
    RunOutcome outcome = attempt.outcome().orElseThrow();
    StringBuilder text = new StringBuilder();
    text.append("**Tried:** ").append(text(CampaignResults.what(spec, attempt.trial().arm())));
    text.append("\n\n");
    hypothesis.ifPresent(
        h -> {
          text.append("**Hypothesis** (").append(h.source().id()).append("): ");
          text.append(text(h.claim())).append("\n\n");
          text.append("**Why:** ").append(text(h.rationale())).append("\n\n");
          if (!h.evidence().isEmpty()) {
            String ids =
                h.evidence().stream()
                    .limit(5)
                    .map(CampaignNotes::text)
                    .collect(Collectors.joining(", "));
            text.append("**Evidence:** ").append(ids).append("\n\n");
          }
        });
    text.append("**Outcome:** ").append(outcome.status().id());
    gain.ifPresent(g -> text.append(", gain ").append(Numbers.gain(g)));
    attempt
        .trial()
        .predictedGain()
        .ifPresent(g -> text.append(" (forecast ").append(Numbers.gain(g)).append(')'));
    if (outcome.status() != RunStatus.OK) {
      text.append(": ").append(text(outcome.detail()));
    }
    text.append("\n\n");
    diagnosis.ifPresent(
        d -> text.append("**Diagnosis:** ").append(text(diagnosis(d))).append("\n\n"));
    airflow.ifPresent(url -> text.append("[Run in Airflow](").append(url).append(")\n"));
    return text.toString();
  }

  /** Describes the diagnosis of a failure in a line. */
  static String diagnosis(Diagnosed diagnosis) {
    return diagnosis.cause() + " (rule " + diagnosis.rule() + "): " + diagnosis.action();
  }

  private static String arm(Map<String, String> params) {
    return params.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(", "))
        .replace('`', '\'');
  }

  /** Escapes text from outside, so that it has neither markup nor line breaks. */
  private static String text(String outside) {
    return outside
        .replaceAll("\\s+", " ")
        .replaceAll("([\\\\`*_\\[\\]|])", "\\\\$1")
        .replace("&", "&amp;")
        .replace("<", "&lt;");
  }
}
