package dev.dormouse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalJsonTest {
  /** RFC 8785, appendix B: the bits of a number and its text. */
  @ParameterizedTest
  @CsvSource({
    "0000000000000000, 0",
    "8000000000000000, 0",
    "0000000000000001, 5e-324",
    "8000000000000001, -5e-324",
    "7fefffffffffffff, 1.7976931348623157e+308",
    "ffefffffffffffff, -1.7976931348623157e+308",
    "4340000000000000, 9007199254740992",
    "c340000000000000, -9007199254740992",
    "4430000000000000, 295147905179352830000",
    "44b52d02c7e14af5, 9.999999999999997e+22",
    "44b52d02c7e14af6, 1e+23",
    "44b52d02c7e14af7, 1.0000000000000001e+23",
    "444b1ae4d6e2ef4e, 999999999999999700000",
    "444b1ae4d6e2ef4f, 999999999999999900000",
    "444b1ae4d6e2ef50, 1e+21",
    "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d, 0.000001",
    "41b3de4355555553, 333333333.3333332",
    "41b3de4355555554, 333333333.33333325",
    "41b3de4355555555, 333333333.3333333",
    "41b3de4355555556, 333333333.3333334",
    "41b3de4355555557, 333333333.33333343",
    "becbf647612f3696, -0.0000033333333333333333",
    "43143ff3c1cb0959, 1424953923781206.2"
  })
  void writesNumbersAsTheRfcDoes(String bits, String text) {
    double number = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
    assertThat(CanonicalJson.of(number)).isEqualTo(text);
  }

  @Test
  void writesNumbersThatReadBack() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      double number = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(number) && number != 0) {
        assertThat(Double.parseDouble(CanonicalJson.of(number))).isEqualTo(number);
      }
    }
  }

  /** RFC 8785, section 3.2.3. */
  @Test
  void ordersKeysByCodeUnits() {
    Map<String, Object> unordered = new LinkedHashMap<>();
    unordered.put("\u20ac", "Euro Sign");
    unordered.put("\r", "Carriage Return");
    unordered.put("\ufb33", "Hebrew Letter Dalet With Dagesh");
    unordered.put("1", "One");
    unordered.put("\ud83d\ude00", "Emoji: Grinning Face");
    unordered.put("\u0080", "Control");
    unordered.put("\u00f6", "Latin Small Letter O With Diaeresis");
    assertThat(CanonicalJson.of(unordered))
        .isEqualTo(
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
                + "\"\ud83d\ude00\":\"Emoji: Grinning Face\","
                + "\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
  }

  /** RFC 8785, section 3.2.2. */
  @Test
  @SuppressWarnings("FloatingPointLiteralPrecision") // The number of the RFC.
  void writesTheExampleOfTheRfc() {
    Map<String, Object> example = new LinkedHashMap<>();
    example.put("numbers", List.of(333333333.33333329, 1E30, 4.50, 2e-3, 1e-27));
    example.put("string", "\u20ac$\u000f\nA'B\"\\\\\"/");
    example.put("literals", List.of(true, false));
    assertThat(CanonicalJson.of(example))
        .isEqualTo(
            "{\"literals\":[true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                + "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  }

  @Test
  void writesIntegersThatNoDoubleHoldsAsTexts() {
    assertThat(CanonicalJson.of(List.of(1L << 53, (1L << 53) + 1, Long.MIN_VALUE)))
        .isEqualTo("[9007199254740992,\"9007199254740993\",\"-9223372036854775808\"]");
  }

  @Test
  void refusesWhatJsonCannotSay() {
    assertThatThrownBy(() -> CanonicalJson.of(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> CanonicalJson.of(new Change("a", "1", "2")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
