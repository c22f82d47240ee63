package dev.dormouse.hypothesize;

import dev.dormouse.hypothesize.Ranking.TrackRecord;
import dev.dormouse.model.Source;
import dev.dormouse.stats.ForecastOutcome;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The track records of the sources of hypotheses. */
public final class TrackRecords {
  private final Map<Source, TrackRecord> bySource = new EnumMap<>(Source.class);

  private TrackRecords() {}

  /** Returns the records of the hypotheses that were tried. */
  public static TrackRecords of(List<ForecastOutcome> outcomes) {
    TrackRecords records = new TrackRecords();
    for (ForecastOutcome outcome : outcomes) {
      for (Source source : Source.values()) {
        if (outcome.source().equals(source.id())) {
          boolean gained = outcome.gain().isPresent() && outcome.gain().getAsDouble() > 0;
          records.bySource.merge(source, new TrackRecord(1, gained ? 1 : 0), TrackRecords::sum);
        }
      }
    }
    return records;
  }

  /** Returns the records of a lake in which nothing was tried. */
  public static TrackRecords none() {
    return new TrackRecords();
  }

  /** Returns the record of one source. */
  public TrackRecord of(Source source) {
    return bySource.getOrDefault(source, TrackRecord.NONE);
  }

  /** Returns the record of all sources but one, added up. */
  public TrackRecord ofOthers(Source source) {
    return bySource.entrySet().stream()
        .filter(entry -> entry.getKey() != source)
        .map(Map.Entry::getValue)
        .reduce(TrackRecord.NONE, TrackRecords::sum);
  }

  private static TrackRecord sum(TrackRecord a, TrackRecord b) {
    return new TrackRecord(a.trials() + b.trials(), a.gained() + b.gained());
  }
}
