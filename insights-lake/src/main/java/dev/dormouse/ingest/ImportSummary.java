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
 */
public record ImportSummary(
    long read,
    long imported,
    long alreadyThere,
    long quarantined,
    SortedMap<String, Long> reasons,
    long curvePoints) {
  public ImportSummary {
    reasons = Collections.unmodifiableSortedMap(new TreeMap<>(reasons));
  }

  /** Both together. */
  public ImportSummary plus(ImportSummary other) {
    TreeMap<String, Long> all = new TreeMap<>(reasons);
    other.reasons.forEach((reason, count) -> all.merge(reason, count, Long::sum));
    return new ImportSummary(
        read + other.read,
        imported + other.imported,
        alreadyThere + other.alreadyThere,
        quarantined + other.quarantined,
        all,
        curvePoints + other.curvePoints);
  }
}
