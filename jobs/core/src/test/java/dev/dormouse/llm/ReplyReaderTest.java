package dev.dormouse.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {
  private static final String SCHEMA =
      "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\",\"maximum\":9}},"
          + "\"required\":[\"n\"],\"additionalProperties\":false}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"n\":1}",
        "  {\"n\": 1}\n",
        "```json\n{\"n\":1}\n```",
        "```\n{\"n\":1}```",
        "Sure! Here it is: {\"n\":1} I hope this helps.",
      })
  void findsTheJson(String text) {
    assertThat(ReplyReader.read(text, false, SCHEMA).json()).contains("{\"n\":1}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|not JSON",
        "I would rather not {|not JSON",
        "{\"n\":1|not JSON",
        "{\"n\":1} {\"n\":2}|not JSON",
        "null|At the top",
        "[]|At the top",
        "{\"n\":\"1\"}|At /n",
        "{\"n\":10}|At /n",
        "{}|'n'",
        "{\"n\":1,\"url\":\"http://x\"}|'url'",
      })
  void saysWhatIsWrong(String text, String problem) {
    ReplyReader.Reading reading = ReplyReader.read(text, false, SCHEMA);
    assertThat(reading.json()).isEmpty();
    assertThat(reading.problem()).contains(problem);
  }

  @Test
  void whatWasCutOffIsToldToBeShorter() {
    assertThat(ReplyReader.read("{\"n\":", true, SCHEMA).problem()).contains("too long");
  }

  @Test
  void withoutASchemaAnyTextWillDo() {
    assertThat(ReplyReader.read("so \"be\" it", false, "").json()).contains("\"so \\\"be\\\" it\"");
  }

  @Test
  void aBadSchemaIsNotAsked() {
    assertThat(ReplyReader.problemOfSchema("{").orElseThrow()).contains("not JSON");
    assertThat(ReplyReader.problemOfSchema("[]").orElseThrow()).contains("not a JSON object");
    assertThat(ReplyReader.problemOfSchema("{\"type\":\"wish\"}")).isPresent();
    assertThat(ReplyReader.problemOfSchema(SCHEMA)).isEmpty();
    assertThat(ReplyReader.problemOfSchema("")).isEmpty();
  }

  @Test
  void theRepairShowsTheReplyAsDataAndIsAQuestionOfItsOwn() {
    LlmRequest request = new LlmRequest("p", "c", "s", "Give n.", SCHEMA, 9);
    LlmRequest repair = ReplyReader.repair(request, "no\"\n", "It is not JSON.");
    assertThat(repair.prompt()).startsWith("Give n.").contains("It is not JSON.", "\"no\\\"\\n\"");
    assertThat(repair.requestHash()).isNotEqualTo(request.requestHash());
    assertThat(ReplyReader.repair(request, "no\"\n", "It is not JSON.").requestHash())
        .isEqualTo(repair.requestHash());
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE,1,PT0.5S",
    "UNAVAILABLE,3,PT2S",
    "UNAVAILABLE,4,",
    "RATE_LIMITED,7,PT0S",
    "RATE_LIMITED,8,",
    "UNANSWERED,1,",
    "REFUSED,1,",
    "OVER_CAP,1,",
  })
  void onlyWhatWasNotBilledIsSentAgain(LlmStatus status, int attempt, Duration pause) {
    assertThat(Retries.next(status, attempt)).isEqualTo(Optional.ofNullable(pause));
  }

  @ParameterizedTest
  @CsvSource({
    "3,PT3S",
    "0.25,PT0.25S",
    "' 12 ',PT12S",
    "'Sun, 01 Mar 2026 00:01:00 GMT',PT60S",
    "'Sun, 01 Mar 2020 00:01:00 GMT',PT0S",
    "soon,",
    "-3,",
    "'',"
  })
  void readsWhenToComeBack(String header, Duration pause) {
    Instant now = Instant.parse("2026-03-01T00:00:00Z");
    assertThat(Retries.until(header, now)).isEqualTo(Optional.ofNullable(pause).map(now::plus));
  }
}
