package dev.dormouse.ingest;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an import did.
 *
 * @param read rows in the sources
 * @param imported runs that are new in the lake
 * @param alreadyThere runs that were in the lake before
 * @param quarantined rows that were refused
 * @param reasons how many were refused, by reason
 * @param curvePoints points of learning curves that are new in the lake
 * @param leftOut what was seen and is neither imported nor in quarantine: how many, by what it is
 */
public record ImportSummary(
    long read,
    long imported,
    long alreadyThere,
    long quarantined,
    SortedMap<String, Long> reasons,
    long curvePoints,
    SortedMap<String, Long> leftOut) {
  /** The summary of nothing. */
  public static final ImportSummary NOTHING =
      new ImportSummary(0, 0, 0, 0, new TreeMap<>(), 0, new TreeMap<>());

  public ImportSummary {
    reasons = Collections.unmodifiableSortedMap(new TreeMap<>(reasons));
    leftOut = Collections.unmodifiableSortedMap(new TreeMap<>(leftOut));
  }

  /** Both together. */
  public ImportSummary plus(ImportSummary other) {
    return new ImportSummary(
        read + other.read,
        imported + other.imported,
        alreadyThere + other.alreadyThere,
        quarantined + other.quarantined,
        sum(reasons, other.reasons),
        curvePoints + other.curvePoints,
        sum(leftOut, other.leftOut));
  }

  static SortedMap<String, Long> sum(SortedMap<String, Long> one, SortedMap<String, Long> other) {
    TreeMap<String, Long> all = new TreeMap<>(one);
    other.forEach((reason, count) -> all.merge(reason, count, Long::sum));
    return all;
  }
}
