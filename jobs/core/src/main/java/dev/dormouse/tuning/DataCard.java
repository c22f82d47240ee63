package dev.dormouse.tuning;

import dev.dormouse.tuning.Outcome.Label;
import dev.dormouse.tuning.PastCampaign.Answer;
import dev.dormouse.tuning.Splits.Split;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Writes the README of a training set: a data card, with the header that loaders read. */
final class DataCard {
  /** The folders of the files for TRL. */
  static final String CHAT = "chat";

  static final String PREFERENCE = "preference";

  private final Splits splits;
  private final SortedMap<String, Integer> excluded;
  private final Set<String> paths;

  /**
   * @param excluded reason to the number of hypotheses that were left out for it
   * @param paths the files that are not empty
   */
  DataCard(Splits splits, SortedMap<String, Integer> excluded, Set<String> paths) {
    this.splits = splits;
    this.excluded = excluded;
    this.paths = Set.copyOf(paths);
  }

  /** Returns the size of all splits together. */
  TrainingSet.Counts total() {
    List<PastCampaign> all = new ArrayList<>();
    for (Split split : Split.values()) {
      all.addAll(splits.of(split));
    }
    return new TrainingSet.Counts(all.size(), answers(all).size(), preferences(all));
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    header(lines);
    lines.addAll(TEXT_BEFORE.lines().toList());
    counts(lines);
    lines.addAll(TEXT_FIELDS.lines().toList());
    lines.add("");
    lines.add("## What was left out");
    lines.add("");
    if (excluded.isEmpty()) {
      lines.add("Nothing: all hypotheses that validation tried are here.");
    }
    excluded.forEach((reason, count) -> lines.add("- " + count + " tried hypotheses: " + reason));
    lines.addAll(TEXT_AFTER.lines().toList());
    lines.add("Licences of the cards and papers in the questions: " + licences() + ".");
    return lines;
  }

  /** Writes which files are which split of which configuration. */
  private void header(List<String> lines) {
    lines.add("---");
    lines.add("license: other");
    lines.add("configs:");
    for (String kind : List.of(CHAT, PREFERENCE)) {
      List<Split> filled =
          List.of(Split.values()).stream()
              .filter(split -> paths.contains(TrainingSet.path(kind, split)))
              .toList();
      if (!filled.isEmpty()) {
        lines.add("- config_name: " + kind);
        lines.add("  data_files:");
        for (Split split : filled) {
          lines.add("  - split: " + split.id());
          lines.add("    path: " + TrainingSet.path(kind, split));
        }
      }
    }
    lines.add("---");
  }

  private void counts(List<String> lines) {
    lines.add(
        "| split | families | campaigns | from | to | answers | better | worse | unclear | failed | pairs |");
    lines.add("|---|---:|---:|---|---|---:|---:|---:|---:|---:|---:|");
    for (Split split : Split.values()) {
      List<PastCampaign> campaigns = splits.of(split);
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %d | %d | %s | %s | %d | %s | %d |",
              split.id(),
              campaigns.stream().map(PastCampaign::family).distinct().count(),
              campaigns.size(),
              campaigns.stream()
                  .map(PastCampaign::askedAt)
                  .min(Comparator.naturalOrder())
                  .map(Instant::toString)
                  .orElse(""),
              campaigns.stream()
                  .map(PastCampaign::endedAt)
                  .max(Comparator.naturalOrder())
                  .map(Instant::toString)
                  .orElse(""),
              answers(campaigns).size(),
              byLabel(campaigns),
              preferences(campaigns)));
    }
    if (splits.of(Split.TEST).isEmpty()) {
      lines.add("");
      lines.add(
          "There is no test split: it needs a study family whose campaigns were all planned after"
              + " those of another family had ended.");
    }
  }

  private static String byLabel(List<PastCampaign> campaigns) {
    return List.of(Label.values()).stream()
        .map(
            label ->
                Long.toString(
                    answers(campaigns).stream()
                        .filter(answer -> answer.outcome().label().equals(Optional.of(label)))
                        .count()))
        .collect(Collectors.joining(" | "));
  }

  private static List<Answer> answers(List<PastCampaign> campaigns) {
    return campaigns.stream().flatMap(one -> one.answers().stream()).toList();
  }

  private static int preferences(List<PastCampaign> campaigns) {
    return campaigns.stream().mapToInt(one -> Preference.of(one).size()).sum();
  }

  private String licences() {
    Set<String> licences = new TreeSet<>();
    for (Split split : Split.values()) {
      splits.of(split).forEach(one -> licences.addAll(one.licences()));
    }
    return licences.isEmpty() ? "none, as no question has any" : String.join(", ", licences);
  }

  private static final String TEXT_BEFORE =
      """

      # Hypotheses of training campaigns, with their outcomes

      Each line is a question to a model that proposes hypotheses, with an answer that a campaign of Dormouse
      tried. The question holds what was known when the campaign was planned: goal, baseline, search space,
      seed noise, mined effects with their 95% intervals, best earlier runs and nearest failures, hypotheses
      that were proposed but not tried, cards and papers. The answer is one hypothesis as JSON in the form
      that Dormouse reads (column `reply_schema`); each was read back before it was written.

      | folder | for | lines |
      |---|---|---|
      | `chat/` | TRL's supervised tuning (`messages`) | every tried hypothesis; keep `label == "better"` to imitate only what worked |
      | `preference/` | TRL's preference tuning (`prompt`, `chosen`, `rejected` as messages) | pairs of one question |
      | `provider/chat/` | fine-tuning services (`messages` alone) | hypotheses that gained clearly |
      | `provider/preference/` | fine-tuning services (`input`, `preferred_output`, `non_preferred_output`) | the same pairs |

      ```python
      from datasets import load_dataset

      chat = load_dataset("THIS FOLDER", "chat")  # or "preference"
      ```

      ## Splits

      No study family is in two splits, and every campaign of the test split was planned after all outcomes of the
      other splits were known. Validation has the families of the rest that ended last.

      """;

  private static final String TEXT_FIELDS =
      """

      ## Columns

      | column | meaning |
      |---|---|
      | `messages`; `prompt`, `chosen`, `rejected` | lists of messages with `role` and `content` |
      | `label` | `better`, `worse`, `unclear` or `failed`, see below |
      | `gain`, `gain_sd` | measured gain over the baseline's mean and its standard deviation, in units of `metric`, higher is better; null if the runs failed |
      | `gain_difference`, `gain_difference_sd` | gain of `chosen` less that of `rejected`; null if that one failed |
      | `chosen_gain`, `chosen_gain_sd`, `rejected_gain`, `rejected_gain_sd` | as `gain` and `gain_sd` |
      | `status`, `rejected_status` | how the runs ended |
      | `runs`, `baseline_runs` | number of runs behind the gain and behind the baseline's mean |
      | `noise_sd` | standard deviation of one run over seeds |
      | `source`, `chosen_source`, `rejected_source` | who proposed it: history, research, llm, ... |
      | `study`, `study_family`, `campaign_id`, `hypothesis_id` | where it was tried; splits go by `study_family` |
      | `planned_at`, `ended_at` | the time of the question's knowledge and of the outcome, UTC |
      | `reply_schema` | JSON schema of the answer, to pass as response format |

      ## How labels were made

      - `gain` is the mean over validation runs minus the mean of the baseline phase. `noise_sd` is the baseline's standard
        deviation over seeds, pooled with the noise expected from past studies (three degrees of freedom);
        `gain_sd = noise_sd * sqrt(1 / runs + 1 / baseline_runs)`.
      - `better` and `worse`: the gain differs from 0 by more than two `gain_sd`. `unclear`: it does not. `failed`: the
        runs collapsed, diverged, ran out of memory or time, or crashed.
      - A pair needs a difference of more than two `gain_difference_sd` (the baseline is common to both and
        cancels), or a `better` answer against a `failed` one.
      - Numbers inside an answer (`gain_p10` ... `cost_gpu_hours`) are the forecasts made before the trial, not the outcome.
      """;

  private static final String TEXT_AFTER =
      """

      ## Known biases

      - Only hypotheses that a plan chose were tried: what forecasts ranked low has no outcome (selection).
      - Among many answers the best measured gains are too high on average; `label` uses one campaign's noise and does not
        correct for their number.
      - Campaigns with many trials give most pairs; pairs of one campaign are not independent of each other.
      - Runs that were stopped early or lost by the machine are left out, so slow starters may be missing.
      - Noise of an arm is taken to be that of the baseline.
      - Most answers were written by statistical sources in few fixed phrases; their `nearest_run` was chosen by counting changes.
      - Dormouse asks for up to six hypotheses at once; each answer here is one. The list of hypotheses to avoid holds
        only those that were not tried.
      - Imported runs without a time, and all papers, count as known to every question.

      ## Texts and licences

      Secrets and paths were taken out of all texts; campaigns whose arms hold any were left out. Names of studies, parameters and
      models are your own: check that you may pass them on before you upload this folder. Abstracts of papers are part of
      questions only where their licence is known.
      """;
}
