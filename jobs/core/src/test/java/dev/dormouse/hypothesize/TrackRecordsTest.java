package dev.dormouse.hypothesize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.hypothesize.Ranking.TrackRecord;
import dev.dormouse.model.Source;
import dev.dormouse.stats.ForecastOutcome;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TrackRecordsTest {
  private static final TrackRecords RECORDS =
      TrackRecords.of(
          List.of(
              outcome(Source.HISTORY.id(), OptionalDouble.of(0.001)),
              outcome(Source.HISTORY.id(), OptionalDouble.of(-0.001)),
              outcome(Source.HISTORY.id(), OptionalDouble.empty()),
              outcome(Source.RESEARCH.id(), OptionalDouble.of(0.002)),
              outcome(Source.LLM.id(), OptionalDouble.of(0)),
              outcome("a source of another version", OptionalDouble.of(1))));

  @Test
  void onlyGainsCountAsGainsAndFailuresAsTrials() {
    assertThat(RECORDS.of(Source.HISTORY)).isEqualTo(new TrackRecord(3, 1));
    assertThat(RECORDS.of(Source.RESEARCH)).isEqualTo(new TrackRecord(1, 1));
    assertThat(RECORDS.of(Source.LLM)).isEqualTo(new TrackRecord(1, 0));
  }

  @Test
  void aSourceThatNeverTriedAnythingHasAnEmptyRecord() {
    assertThat(RECORDS.of(Source.SURROGATE)).isEqualTo(TrackRecord.NONE);
    assertThat(TrackRecords.none().of(Source.HISTORY)).isEqualTo(TrackRecord.NONE);
    assertThat(TrackRecords.none().ofOthers(Source.LLM)).isEqualTo(TrackRecord.NONE);
  }

  @Test
  void theOthersAreAllSourcesButOne() {
    assertThat(RECORDS.ofOthers(Source.LLM)).isEqualTo(new TrackRecord(4, 2));
    assertThat(RECORDS.ofOthers(Source.HISTORY)).isEqualTo(new TrackRecord(2, 1));
  }

  private static ForecastOutcome outcome(String source, OptionalDouble gain) {
    return new ForecastOutcome(source, -0.001, 0, 0.001, 0.05, gain);
  }
}
