package dev.dormouse.ingest;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an import did.
 *
 * @param read number of rows in the sources
 * @param imported number of runs that are new in the lake
 * @param alreadyThere number of runs that were in the lake before
 * @param quarantined number of rows that were refused
 * @param reasons number of refused rows, by reason
 * @param curvePoints number of learning curve points that are new in the lake
 * @param leftOut number of items that are neither imported nor in quarantine, by kind
 */
public record ImportSummary(
    long read,
    long imported,
    long alreadyThere,
    long quarantined,
    SortedMap<String, Long> reasons,
    long curvePoints,
    SortedMap<String, Long> leftOut) {
  /** The summary of an import without rows. */
  public static final ImportSummary NOTHING =
      new ImportSummary(0, 0, 0, 0, new TreeMap<>(), 0, new TreeMap<>());

  public ImportSummary {
    reasons = Collections.unmodifiableSortedMap(new TreeMap<>(reasons));
    leftOut = Collections.unmodifiableSortedMap(new TreeMap<>(leftOut));
  }

  /** Returns the sums of both summaries. */
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
