package dev.dormouse.report;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Insight;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.Source;
import dev.dormouse.summary.ArmResult;
import dev.dormouse.summary.CampaignResults;
import dev.dormouse.summary.CampaignSummary;
import dev.dormouse.summary.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;

/** The sentences of the report; none claims more than the campaign has shown. Pure. */
final class ReportWords {
  private ReportWords() {}

  static String tone(CampaignState state) {
    return state
        .verdict()
        .map(
            verdict ->
                switch (verdict.kind()) {
                  case CONFIRMED -> "good";
                  case WORSE, STOPPED -> "bad";
                  case NOT_DISTINGUISHABLE, NO_CANDIDATE -> "neutral";
                })
        .orElse("neutral");
  }

  static String headline(CampaignSummary summary) {
    if (summary.conclusion().verdict().isEmpty()) {
      return summary.waiting().pendingApproval().isPresent()
          ? "No verdict yet: the plan waits for approval"
          : "No verdict yet: the campaign is " + summary.status().replace('_', ' ');
    }
    String verdict = summary.conclusion().verdict().get();
    return switch (verdict) {
      case "confirmed" -> "Confirmed: the winner beats the baseline on fresh seeds";
      case "not distinguishable" ->
          "Not distinguishable: the data show no difference between winner and baseline";
      case "worse" -> "Worse: the winner of the search is worse than the baseline on fresh seeds";
      case "no candidate" -> "No candidate: nothing in the search was better than the baseline";
      default -> "Stopped: the campaign ended before a confirmation";
    };
  }

  static String outcome(ArmResult arm) {
    if (arm.gain().isPresent()) {
      return Numbers.gain(arm.gain().get().mean());
    }
    if (arm.open() > 0) {
      return "running";
    }
    return arm.failures().isEmpty()
        ? "no baseline to compare with"
        : "failed: " + arm.failures().stream().map(RunStatus::id).collect(Collectors.joining(", "));
  }

  /** Returns {@code good} if an arm's interval is above 0, {@code bad} if below, else neutral. */
  static String tone(ArmResult arm) {
    if (arm.gain().isEmpty()) {
      return arm.failures().isEmpty() ? "neutral" : "bad";
    }
    return arm.gain().get().low() > 0 ? "good" : arm.gain().get().high() < 0 ? "bad" : "neutral";
  }

  /** Formats the interval of an insight; empty if it has none. */
  static String interval(Insight insight) {
    return insight
        .effect()
        .filter(e -> Double.isFinite(e.low()) && Double.isFinite(e.high()))
        .map(
            e ->
                "["
                    + effect(insight.kind(), e.low())
                    + ", "
                    + effect(insight.kind(), e.high())
                    + "]")
        .orElse("");
  }

  /** Returns the number as text; a dash if there is no number. */
  static String orDash(OptionalDouble number, DoubleFunction<String> text) {
    return number.isPresent() ? text.apply(number.getAsDouble()) : "–";
  }

  /** Ends a text with a full stop unless it ends as a sentence already. */
  static String sentence(String text) {
    return text.isEmpty() || text.endsWith(".") || text.endsWith("?") ? text : text + ".";
  }

  /** Formats the number of an insight: a gain with its sign, a rate in percent. */
  static String effect(Insight.Kind kind, double number) {
    return switch (kind) {
      case EFFECT, CONDITION, INTERACTION -> Numbers.gain(number);
      case FAILURE -> String.format(Locale.ROOT, "%.1f%%", 100 * number);
      default -> String.format(Locale.ROOT, "%.4g", number);
    };
  }

  /** Returns the reason for an arm that tests no planned hypothesis. */
  static String why(Optional<Source> source) {
    return source
        .map(
            who ->
                switch (who) {
                  case COMBINATION -> "Tests whether the gains of single changes add up.";
                  case SURROGATE ->
                      "The model fitted to this campaign's results predicts a high gain.";
                  case RUNBOOK -> "Repaired version of an arm that failed.";
                  case HISTORY, RESEARCH, LLM, HUMAN -> "Proposed by source " + who.id() + ".";
                })
        .orElse("");
  }

  static String source(CampaignState state, Source source, int arms) {
    if (source == Source.LLM && arms == 0) {
      return "Not configured: no language model was asked (campaign file: llm: "
          + state.spec().map(spec -> spec.sources().llm()).orElse(CampaignSpec.LlmUse.AUTO).id()
          + ").";
    }
    return switch (source) {
      case HISTORY -> "Effects mined from earlier runs.";
      case RESEARCH -> "Technique cards about parameters of the search space.";
      case LLM -> "Proposed by a language model.";
      case COMBINATION -> "Combinations of changes that gained alone.";
      case SURROGATE -> "A model fitted to this campaign's results.";
      case RUNBOOK -> "Repaired versions of arms that failed.";
      case HUMAN -> "Proposed by a person.";
    };
  }

  static List<String> limits(CampaignState state, CampaignResults results) {
    List<String> limits = new ArrayList<>();
    limits.add(
        "Most gains of the search phases rest on one seed each, and the best of many results is on"
            + " average too high: only the confirmation on fresh seeds is reliable.");
    limits.add(
        results.noiseSd().isPresent()
            ? "Seed noise is estimated from "
                + results.seeds()
                + " runs of the baseline and assumed to be the same for every arm."
            : "Seed noise is unknown: the baseline has fewer than two results.");
    Optional<Verdict> verdict = state.verdict();
    if (verdict.flatMap(Verdict::validation).isPresent()
        && verdict.flatMap(Verdict::test).isEmpty()) {
      limits.add("The trainer reported no test split: the gain is known for validation data only.");
    }
    verdict
        .flatMap(Verdict::validation)
        .ifPresent(
            c ->
                limits.add(
                    "The confirmation varies the seed only: "
                        + c.pairs()
                        + " pairs on one data set and one split do not cover other data or live"
                        + " traffic."));
    if (state.spec().map(spec -> spec.training().gpus() == 0).orElse(false)) {
      limits.add("The trainings used no GPU: one hour of a run counts as one GPU-hour.");
    }
    return limits;
  }
}
