package dev.dormouse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.model.Insight.Kind;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StepTest {
  @Test
  void theKindOfAnInsightDecidesWhatItsTextsMean() {
    assertThat(Step.of(Kind.EFFECT, "", "x2.00"))
        .isEqualTo(new Step.Factor(new BigDecimal("2.00")));
    assertThat(Step.of(Kind.EFFECT, "8", "16")).isEqualTo(new Step.FromTo("8", "16"));
    assertThat(Step.of(Kind.FAILURE, "", "x2.00")).isEqualTo(new Step.Value("x2.00"));
    assertThat(Step.of(Kind.TRAP, "", "")).isEqualTo(new Step.None());
    assertThat(Step.of(Kind.INTERACTION, "8 & false", "16 & true"))
        .isEqualTo(new Step.Both(new Step.FromTo("8", "16"), new Step.FromTo("false", "true")));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void hasTheTextsThatItWasReadFrom(Kind kind) {
    String[][] texts = {
      {"", ""},
      {"", "x2.00"},
      {"", "x1e3"},
      {"", "x"},
      {"", "x-1"},
      {"", "x2.0.0"},
      {"8", "x2"},
      {"8", ""},
      {"8 & false", "16 & true"},
      {"a & b & c", "d & e"},
      {" & ", " & "},
      {"", "a & b"}
    };
    for (String[] text : texts) {
      Step step = Step.of(kind, text[0], text[1]);
      assertThat(new String[] {step.from(), step.to()}).isEqualTo(text);
    }
  }

  @Test
  void countsDoublings() {
    // 32 / 8 = 4 = 2^2
    assertThat(Step.change("8", "32").doublings()).isCloseTo(2, within(1e-12));
    assertThat(Step.change("32", "8").doublings()).isCloseTo(2, within(1e-12));
    assertThat(Step.change("", "x8.00").doublings()).isCloseTo(3, within(1e-12));
    assertThat(Step.change("false", "true").doublings()).isEqualTo(1);
    assertThat(Step.change("0", "0.5").doublings()).isEqualTo(1);
    assertThat(new Step.Both(Step.change("8", "32"), Step.change("1", "8")).doublings())
        .isCloseTo(2 * 3, within(1e-12));
  }

  @Test
  void aFactorMatchesRatiosThatRoundToIt() {
    Step.Factor factor = (Step.Factor) Step.change("", "x3.33");

    assertThat(factor.matches(10.0 / 3)).isTrue();
    assertThat(factor.matches(3)).isFalse();
  }

  @Test
  void isWrittenAsSentencesNeedIt() {
    assertThat(Step.change("8", "16").text()).isEqualTo("8 -> 16");
    assertThat(Step.change("", "x2.00").text()).isEqualTo("x2.00");
    assertThat(new Step.None().text()).isEmpty();
  }
}
