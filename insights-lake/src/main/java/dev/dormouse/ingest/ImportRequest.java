package dev.dormouse.ingest;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What to import.
 *
 * @param format what the files are
 * @param sources files or directories
 * @param mapping YAML file that maps columns to fields of a run; without one the mapping is guessed
 *     from the column names
 * @param label origin of rows that do not name their own
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
