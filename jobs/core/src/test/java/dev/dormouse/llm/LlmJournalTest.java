package dev.dormouse.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlmJournalTest {
  @TempDir Path lake;
  private Path file;

  @BeforeEach
  void inALake() {
    file = LlmJournal.in(lake);
  }

  private static LlmEvent event(String campaign) {
    return new LlmEvent.Batch(campaign, "test", "m", Map.of(LlmStatus.OK, 1L), 0, Instant.EPOCH);
  }

  private static void append(LlmJournal journal, LlmEvent event) {
    journal.locked(
        () -> {
          journal.append(event);
          return event;
        });
  }

  private List<LlmEvent> read() {
    List<LlmEvent> events = new ArrayList<>();
    try (LlmJournal journal = LlmJournal.open(file, events::add)) {
      journal.locked(() -> events);
    }
    return events;
  }

  @Test
  void writersSeeEachOthersLinesInOneOrder() {
    List<LlmEvent> seenByOne = new ArrayList<>();
    List<LlmEvent> seenByTwo = new ArrayList<>();
    try (LlmJournal one = LlmJournal.open(file, seenByOne::add);
        LlmJournal two = LlmJournal.open(file, seenByTwo::add)) {
      append(one, event("a"));
      append(two, event("b"));
      append(one, event("c"));
      two.locked(() -> seenByTwo);
      assertThat(seenByOne).containsExactly(event("a"), event("b"), event("c"));
      assertThat(seenByTwo).isEqualTo(seenByOne);
    }
    assertThat(read()).isEqualTo(seenByOne);
  }

  @Test
  void halfALineOfADeadProcessHurtsNobody() throws IOException {
    try (LlmJournal journal = LlmJournal.open(file, event -> {})) {
      append(journal, event("a"));
    }
    String whole = Files.readString(file);
    for (int length = 1; length < whole.length(); length += 7) {
      Files.writeString(file, whole + whole.substring(0, length));
      try (LlmJournal journal = LlmJournal.open(file, event -> {})) {
        append(journal, event("b"));
      }
      assertThat(read()).as("cut at %d", length).startsWith(event("a")).endsWith(event("b"));
    }
  }

  @Test
  void aLineThatIsNoEventIsSkipped() throws IOException {
    try (LlmJournal journal = LlmJournal.open(file, event -> {})) {
      append(journal, event("a"));
    }
    Files.writeString(file, "{\"kind\":\"riddle\"}\n\n", StandardOpenOption.APPEND);
    try (LlmJournal journal = LlmJournal.open(file, event -> {})) {
      append(journal, event("b"));
    }
    assertThat(read()).containsExactly(event("a"), event("b"));
  }
}
