package dev.dormouse.tuning;

import dev.dormouse.tuning.Splits.Split;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The files of a training set. Empty files are left out, since readers refuse them.
 *
 * @param files path below the folder to lines
 * @param counts what stands in them
 */
public record TrainingSet(Map<String, List<String>> files, Counts counts) {
  private static final Map<String, Function<PastCampaign, List<String>>> KINDS = kinds();

  public TrainingSet {
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
  }

  /**
   * The size of a training set.
   *
   * @param campaigns number of campaigns
   * @param answers number of lines for chat
   * @param preferences number of lines of preferences
   */
  public record Counts(int campaigns, int answers, int preferences) {}

  /**
   * Builds the files.
   *
   * @param campaigns all campaigns with outcomes
   * @param excluded reason to the number of hypotheses that were left out for it
   */
  static TrainingSet of(List<PastCampaign> campaigns, SortedMap<String, Integer> excluded) {
    Splits splits = Splits.of(campaigns);
    SortedMap<String, Integer> reasons = new TreeMap<>(excluded);
    splits
        .leftOut()
        .forEach(
            one ->
                reasons.merge(
                    "their campaign overlaps the test split in time, or its study family is mostly"
                        + " on the other side",
                    one.answers().size(),
                    Integer::sum));
    Map<String, List<String>> files = new LinkedHashMap<>();
    KINDS.forEach(
        (kind, lines) -> {
          for (Split split : Split.values()) {
            List<String> content =
                splits.of(split).stream().flatMap(one -> lines.apply(one).stream()).toList();
            if (!content.isEmpty()) {
              files.put(path(kind, split), content);
            }
          }
        });
    DataCard card = new DataCard(splits, reasons, files.keySet());
    files.put("README.md", card.lines());
    return new TrainingSet(files, card.total());
  }

  /** Returns where the lines of a kind and a split stand. */
  static String path(String kind, Split split) {
    return kind + "/" + split.id() + ".jsonl";
  }

  private static Map<String, Function<PastCampaign, List<String>>> kinds() {
    Map<String, Function<PastCampaign, List<String>>> kinds = new LinkedHashMap<>();
    kinds.put(DataCard.CHAT, ExampleLines::chat);
    kinds.put(DataCard.PREFERENCE, ExampleLines::preferences);
    kinds.put("provider/chat", ExampleLines::providerChat);
    kinds.put("provider/preference", ExampleLines::providerPreferences);
    return kinds;
  }
}
