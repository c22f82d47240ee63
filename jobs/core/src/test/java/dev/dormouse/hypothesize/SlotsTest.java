package dev.dormouse.hypothesize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.hypothesize.Ranking.TrackRecord;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlotsTest {
  @Test
  void aModelBeginsWithAtMostThirtyPercentOfAnyNumberOfSlots() {
    double share = Slots.share(TrackRecord.NONE, TrackRecord.NONE);
    List<Hypothesis> ranked = new ArrayList<>(hypotheses(Source.LLM, 20));
    ranked.addAll(hypotheses(Source.HISTORY, 20));
    Slots.Allocation shared = Slots.allocate(ranked, share);

    assertThat(share).isEqualTo(0.3);
    assertThat(shared.order())
        .startsWith(ranked.get(20), ranked.get(21), ranked.get(22), ranked.get(0));
    for (int slots = 1; slots <= shared.order().size(); slots++) {
      assertThat(ideas(shared.order().subList(0, slots))).isLessThanOrEqualTo(3L * slots / 10);
    }
    assertThat(shared.leftOver()).isNotEmpty();
    assertThat(shared.order().size() + shared.leftOver().size()).isEqualTo(40);
  }

  @Test
  void aSourceThatDeliversGetsMoreAndOneThatDoesNotGetsLess() {
    TrackRecord others = new TrackRecord(40, 16);

    assertThat(Slots.share(new TrackRecord(20, 14), others)).isGreaterThan(0.3);
    assertThat(Slots.share(new TrackRecord(20, 2), others)).isLessThan(0.1);
    assertThat(Slots.share(new TrackRecord(9, 9), others)).isEqualTo(0.3);
  }

  @Test
  void whatCannotBeTriedTakesNoSlot() {
    List<Hypothesis> ranked = new ArrayList<>(hypotheses(Source.LLM, 1));
    for (Hypothesis hypothesis : hypotheses(Source.HISTORY, 3)) {
      ranked.add(duplicate(hypothesis));
    }
    assertThat(Slots.allocate(ranked, 0.3).leftOver()).hasSize(1);
  }

  @Test
  void withoutAModelTheOrderIsTheRankers() {
    List<Hypothesis> ranked = hypotheses(Source.HISTORY, 5);

    assertThat(Slots.allocate(ranked, 0.3).order()).isEqualTo(ranked);
  }

  @Test
  void aFifthOfTheTrialsIsForWhatHistoryDoesNotCover() {
    List<Hypothesis> ranked = hypotheses(Source.HISTORY, 20);
    List<Hypothesis> uncovered = List.of(ranked.get(3), ranked.get(15), ranked.get(17));
    List<Hypothesis> order = Slots.reserved(ranked, uncovered::contains, 10);

    assertThat(arms(order).subList(0, 10))
        .as("the first is among them anyway, the second moves forward to the last place")
        .containsExactlyElementsOf(arms(ranked, 0, 1, 2, 3, 4, 5, 6, 7, 8, 15));
    assertThat(order).extracting(Hypothesis::arm).containsExactlyInAnyOrderElementsOf(arms(ranked));
    assertThat(order.stream().filter(SlotsTest::isReserved).map(Hypothesis::arm))
        .containsExactlyElementsOf(arms(ranked, 3, 15));
    assertThat(Slots.reserved(ranked, uncovered::contains, 4))
        .as("too few trials for a share")
        .isEqualTo(ranked);
    assertThat(Slots.reserved(ranked, any -> false, 10)).isEqualTo(ranked);
  }

  @Test
  void noTrialIsReservedForWhatTheStudyHasTried() {
    List<Hypothesis> ranked = new ArrayList<>(hypotheses(Source.HISTORY, 6));
    Hypothesis tried = duplicate(ranked.remove(5));
    ranked.add(tried);

    assertThat(Slots.reserved(ranked, tried::equals, 5)).isEqualTo(ranked);
  }

  private static boolean isReserved(Hypothesis hypothesis) {
    return hypothesis.terms().containsKey(Hypothesis.RESERVED);
  }

  private static List<Arm> arms(List<Hypothesis> of, int... places) {
    List<Hypothesis> chosen =
        places.length == 0 ? of : IntStream.of(places).mapToObj(of::get).toList();
    return chosen.stream().map(Hypothesis::arm).toList();
  }

  private static long ideas(List<Hypothesis> hypotheses) {
    return hypotheses.stream().filter(h -> h.source() == Source.LLM).count();
  }

  private static List<Hypothesis> hypotheses(Source source, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> hypothesis(source, Arm.of(Map.of(source.id(), "" + i)), Optional.empty()))
        .toList();
  }

  private static Hypothesis duplicate(Hypothesis hypothesis) {
    return hypothesis(hypothesis.source(), hypothesis.arm(), Optional.of("run-1"));
  }

  private static Hypothesis hypothesis(Source source, Arm arm, Optional<String> duplicateOf) {
    return new Hypothesis(
        "h-" + arm.configId(),
        source,
        "",
        "",
        arm,
        List.of(),
        List.of(),
        new Hypothesis.Forecast(0, 1, 0.5, 0, 1),
        0,
        new TreeMap<>(),
        duplicateOf);
  }
}
