package dev.dormouse.training;

import dev.dormouse.runbook.Redaction;
import java.nio.file.Path;
import java.util.Optional;

/** What a training wrote, for people. */
public final class TrainingLog {
  private TrainingLog() {}

  /**
   * The end of the log in the directory of a training attempt, without secrets; empty if there is
   * none.
   */
  public static Optional<String> end(Path directory) {
    return Optional.of(new RunDirectory(directory.toAbsolutePath()).logTail())
        .filter(text -> !text.isBlank())
        .map(Redaction::of);
  }
}
