package dev.dormouse.training;

import dev.dormouse.runbook.Redaction;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the log of a training for people. */
public final class TrainingLog {
  private TrainingLog() {}

  /**
   * Returns the end of the log in the directory of a training attempt, without secrets; empty if
   * there is no log.
   */
  public static Optional<String> end(Path directory) {
    return Optional.of(new RunDirectory(directory.toAbsolutePath()).logTail())
        .filter(text -> !text.isBlank())
        .map(Redaction::of);
  }
}
