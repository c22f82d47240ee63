package dev.dormouse.llm;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.config.LlmSettings;
import dev.dormouse.llm.fixture.SampleQuestions;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ModelCallsTest {
  @TempDir Path lake;

  @Test
  @Timeout(20)
  void aJournalThatCannotBeWrittenIsNotRetried() {
    LlmSettings settings = SampleQuestions.settings("http://127.0.0.1:1", 60_000, 1);
    LlmLedger ledger = new LlmLedger(settings);
    LlmJournal journal = LlmJournal.open(LlmJournal.in(lake), ledger::apply);
    Clock clock = Clock.systemUTC();
    ModelCalls calls = new ModelCalls(ledger, journal, new ModelClient(settings, "", clock), clock);
    journal.close();

    assertThatThrownBy(() -> calls.ask(SampleQuestions.requests("x", 1).get(0)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("journal of model calls");
  }
}
