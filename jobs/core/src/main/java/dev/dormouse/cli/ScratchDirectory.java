package dev.dormouse.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory that is gone when it is no longer used. */
public record ScratchDirectory(Path path) implements AutoCloseable {
  public static ScratchDirectory make() throws IOException {
    return new ScratchDirectory(Files.createTempDirectory("dormouse-"));
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
