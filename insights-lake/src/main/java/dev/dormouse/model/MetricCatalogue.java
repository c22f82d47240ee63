package dev.dormouse.model;

import dev.dormouse.model.Metric.Basis;
import dev.dormouse.model.Metric.Range;
import dev.dormouse.model.Objective.Direction;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Well-known metrics: direction, range and chance level by name. */
final class MetricCatalogue {
  private static final Range SHARE = new Range(OptionalDouble.of(0), OptionalDouble.of(1));
  private static final Range CORRELATION = new Range(OptionalDouble.of(-1), OptionalDouble.of(1));
  private static final Range FROM_ZERO = new Range(OptionalDouble.of(0), OptionalDouble.empty());
  private static final Range UP_TO_ONE = new Range(OptionalDouble.empty(), OptionalDouble.of(1));

  /** A ranking at random has half of all pairs in the right order. */
  private static final OptionalDouble HALF = OptionalDouble.of(0.5);

  private static final Map<String, Entry> ENTRIES = entries();

  private static final Pattern SEPARATORS = Pattern.compile("[-. /]+");
  private static final Pattern CUTOFF = Pattern.compile("(?:@|_at_|_)(?:k|\\d+)$");
  private static final Pattern SPLIT =
      Pattern.compile(
          "(?:train|training|validation|valid|val|eval|dev|test|holdout)_(.+)"
              + "|(.+)_(?:train|training|validation|valid|val|eval|dev|test|holdout)");
  private static final Pattern NEGATED = Pattern.compile("(?:neg|negative)_(.+)");
  private static final Pattern ERROR =
      Pattern.compile(".*(?:loss|error|perplexity).*|.*(?:rmse|mae)");

  private MetricCatalogue() {}

  private record Entry(Direction direction, Range range, OptionalDouble chanceLevel) {}

  private static Map<String, Entry> entries() {
    Map<String, Entry> entries = new HashMap<>();
    // Areas under the curve of true against false positives.
    put(entries, Direction.MAXIMIZE, SHARE, HALF, "auc", "roc_auc", "auc_roc", "auroc", "rocauc");
    put(entries, Direction.MAXIMIZE, SHARE, HALF, "gauc", "uauc", "wauc", "xauc", "macro_auc");
    // Chance is the share of positives here, a property of the data.
    put(entries, Direction.MAXIMIZE, SHARE, "pr_auc", "auc_pr", "auprc", "prauc", "aucpr");
    put(entries, Direction.MAXIMIZE, SHARE, "average_precision", "ap", "map", "mean_ap");
    put(entries, Direction.MAXIMIZE, SHARE, "accuracy", "acc", "balanced_accuracy");
    put(entries, Direction.MAXIMIZE, SHARE, "f1", "f1_score", "precision", "recall", "specificity");
    put(entries, Direction.MAXIMIZE, SHARE, "sensitivity", "exact_match", "win_rate");
    put(entries, Direction.MAXIMIZE, SHARE, "ndcg", "mrr", "hit_rate", "hitrate", "hr", "hit");
    put(entries, Direction.MAXIMIZE, SHARE, "hits", "iou", "miou", "dice", "bleu", "rouge");
    put(entries, Direction.MAXIMIZE, SHARE, "rouge1", "rouge2", "rougel", "ssim", "success_rate");
    put(entries, Direction.MAXIMIZE, FROM_ZERO, "dcg", "psnr");
    put(entries, Direction.MAXIMIZE, CORRELATION, "mcc", "kappa", "spearman", "pearson", "kendall");
    put(entries, Direction.MAXIMIZE, CORRELATION, "gini");
    put(entries, Direction.MAXIMIZE, UP_TO_ONE, "r2", "r2_score", "explained_variance", "rig");
    put(entries, Direction.MAXIMIZE, Range.UNBOUNDED, "log_likelihood", "elbo", "reward");
    put(entries, Direction.MINIMIZE, Range.UNBOUNDED, "loss", "nll");
    put(entries, Direction.MINIMIZE, FROM_ZERO, "logloss", "log_loss", "bce", "cross_entropy");
    put(entries, Direction.MINIMIZE, FROM_ZERO, "crossentropy", "binary_crossentropy", "hinge");
    put(entries, Direction.MINIMIZE, FROM_ZERO, "ne", "normalized_entropy", "normalised_entropy");
    put(entries, Direction.MINIMIZE, FROM_ZERO, "mse", "rmse", "mae", "mape", "smape", "wape");
    put(entries, Direction.MINIMIZE, FROM_ZERO, "msle", "rmsle", "mase", "medae", "rmspe");
    put(entries, Direction.MINIMIZE, FROM_ZERO, "perplexity", "ppl", "bpc", "bpb", "wer", "cer");
    put(entries, Direction.MINIMIZE, FROM_ZERO, "fid", "kl", "kl_divergence", "deviance");
    put(entries, Direction.MINIMIZE, SHARE, "brier", "brier_score", "ece", "error_rate", "eer");
    return Map.copyOf(entries);
  }

  private static void put(
      Map<String, Entry> entries, Direction direction, Range range, String... names) {
    put(entries, direction, range, OptionalDouble.empty(), names);
  }

  private static void put(
      Map<String, Entry> entries,
      Direction direction,
      Range range,
      OptionalDouble chanceLevel,
      String... names) {
    List.of(names).forEach(name -> entries.put(name, new Entry(direction, range, chanceLevel)));
  }

  /**
   * Returns the metric with this name. Case, separators, the name of a split ({@code val_}) and a
   * cutoff ({@code @10}) do not matter. A name that only resembles a known one, such as {@code
   * click_auc}, gives basis {@link Basis#NAME}; empty if the name says nothing.
   */
  static Optional<Metric> find(String name) {
    String plain = plain(name);
    Entry entry = ENTRIES.get(plain);
    return entry == null
        ? resembling(plain).map(similar -> metric(name, Basis.NAME, similar))
        : Optional.of(metric(name, Basis.CATALOGUE, entry));
  }

  private static Metric metric(String name, Basis basis, Entry entry) {
    return new Metric(name, entry.direction(), basis, entry.range(), entry.chanceLevel());
  }

  private static String plain(String name) {
    String plain = SEPARATORS.matcher(name.strip().toLowerCase(Locale.ROOT)).replaceAll("_");
    String before;
    do {
      before = plain;
      Matcher split = SPLIT.matcher(plain);
      if (split.matches()) {
        plain = split.group(1) == null ? split.group(2) : split.group(1);
      }
      plain = CUTOFF.matcher(plain).replaceFirst("");
    } while (!plain.equals(before));
    return plain;
  }

  private static Optional<Entry> resembling(String plain) {
    Matcher negated = NEGATED.matcher(plain);
    if (negated.matches()) {
      return Optional.ofNullable(ENTRIES.get(negated.group(1)))
          .or(() -> resembling(negated.group(1)))
          .map(MetricCatalogue::opposite);
    }
    return ending(plain)
        .or(() -> ERROR.matcher(plain).matches() ? entry("loss") : Optional.empty())
        .or(() -> plain.endsWith("auc") ? entry("auc") : Optional.empty())
        .or(() -> beginning(plain));
  }

  private static Entry opposite(Entry entry) {
    return new Entry(entry.direction().opposite(), Range.UNBOUNDED, OptionalDouble.empty());
  }

  private static Optional<Entry> entry(String name) {
    return Optional.of(ENTRIES.get(name));
  }

  /** Returns the entry of the longest known name at the end, after other words. */
  private static Optional<Entry> ending(String plain) {
    for (int at = plain.indexOf('_'); at >= 0; at = plain.indexOf('_', at + 1)) {
      Entry entry = ENTRIES.get(plain.substring(at + 1));
      if (entry != null) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  /** Returns the entry of the longest known name at the beginning, before other words. */
  private static Optional<Entry> beginning(String plain) {
    for (int at = plain.lastIndexOf('_'); at > 0; at = plain.lastIndexOf('_', at - 1)) {
      Entry entry = ENTRIES.get(plain.substring(0, at));
      if (entry != null) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }
}
