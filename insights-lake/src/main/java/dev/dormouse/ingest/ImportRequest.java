package dev.dormouse.ingest;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What to import.
 *
 * @param format what the files are
 * @param sources files or directories
 * @param mapping YAML file that says which column is what; without one it is guessed from the
 *     column names
 * @param label where rows come from that do not say so themselves
 * @param direction what the command line states of the metric's direction
 */
public record ImportRequest(
    Format format,
    List<Path> sources,
    Optional<Path> mapping,
    String label,
    DirectionOption direction) {
  /** File formats that can be imported. */
  public enum Format {
    PARQUET,
    CSV,
    JSONL
  }

  /** A request that states no direction. */
  public ImportRequest(Format format, List<Path> sources, Optional<Path> mapping, String label) {
    this(format, sources, mapping, label, DirectionOption.NONE);
  }

  public ImportRequest {
    sources = List.copyOf(sources);
  }
}
