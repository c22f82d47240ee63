package dev.dormouse.hypothesize;

import static dev.dormouse.hypothesize.IdeaFixture.BASELINE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.hypothesize.IdeaAnswer.Proposed;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdeaAnswerTest {
  private static final IdeaContext CONTEXT = IdeaFixture.context("embedding_dim: 16 -> 8");
  private static final Arm WIDER = BASELINE.with("embedding_dim", "32");
  private static final Idea.Claims CLAIMS = new Idea.Claims(-0.001, 0.001, 0.004, 0.8, 0.01, 0.001);

  @Test
  void aHypothesisOfHistoryIsAnIdeaThatTheReaderAccepts() {
    Idea idea =
        read(
            new Proposed(
                Source.HISTORY,
                WIDER,
                "Gains over the baseline: embedding_dim: 16 -> 32",
                "x2.00: +0.0010 auc [-0.0005, +0.0035], 72% of 25 pairs; q 0.01",
                List.of("i-1", "elsewhere", "card-1"),
                CLAIMS));

    assertThat(idea.arm()).isEqualTo(WIDER);
    assertThat(idea.mechanism()).startsWith("x2.00: +0.0010 auc");
    assertThat(idea.sources()).as("only what the context has").containsExactly("i-1", "card-1");
    assertThat(idea.claims()).isEqualTo(CLAIMS);
    assertThat(idea.nearestRun()).contains("run-1");
  }

  @Test
  void anIdeaOfAModelIsAnsweredInItsOwnWords() {
    Idea original = IdeaFixture.read(IdeaFixture.idea("embedding_dim", "32")).ideas().get(0);
    Proposed proposed =
        new Proposed(
            Source.LLM,
            original.arm(),
            "Gains over the baseline: " + original.changesText(),
            IdeaRationale.of(original).text(),
            original.sources(),
            original.claims());

    assertThat(read(proposed)).isEqualTo(original);
  }

  @Test
  void textsThatTheReaderRefusesGiveWayToPlainOnes() {
    Idea idea =
        read(
            new Proposed(
                Source.HISTORY,
                WIDER,
                "See http://10.0.0.1/secret",
                "It is in /home/ann/runs/7",
                List.of(),
                CLAIMS));

    assertThat(idea.claim()).isEqualTo("Gains over the baseline.");
    assertThat(idea.mechanism()).isEqualTo("It was proposed from past runs.");
  }

  @Test
  void anArmOutsideTheSearchSpaceHasNoAnswer() {
    assertThat(
            IdeaAnswer.of(
                CONTEXT,
                new Proposed(
                    Source.HISTORY,
                    BASELINE.with("embedding_dim", "1000"),
                    "claim",
                    "why",
                    List.of(),
                    CLAIMS)))
        .isEmpty();
  }

  private static Idea read(Proposed proposed) {
    String answer = IdeaAnswer.of(CONTEXT, proposed).orElseThrow();
    IdeaReader.Reading reading = IdeaReader.read(CONTEXT, answer, 1);
    assertThat(reading.refusals()).isEmpty();
    return reading.ideas().get(0);
  }
}
