package dev.dormouse.eval.bench;

import dev.dormouse.table.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Computes the paired effects by a SQL query written by hand for DuckDB, which runs in a Python
 * process.
 */
public final class DuckDbEffects {
  private static final String SQL = "paired_effects.sql";
  private static final String SCRIPT = "paired_effects.py";
  private static final int THREADS = 2;
  private static final int MEMORY_GB = 6;

  /**
   * The result of the query.
   *
   * @param seconds time from opening the files to the result on disk
   * @param slices number of rows of the result
   */
  public record Outcome(double seconds, long slices) {}

  private final Path python;

  private DuckDbEffects(Path python) {
    this.python = python;
  }

  /**
   * Finds the Python in an environment.
   *
   * @return empty if there is no Python with DuckDB
   */
  public static Optional<DuckDbEffects> with(Path environment) {
    Path python = environment.resolve("bin/python3");
    try {
      boolean usable =
          Files.isExecutable(python)
              && new ProcessBuilder(python.toString(), "-c", "import duckdb").start().waitFor()
                  == 0;
      return usable ? Optional.of(new DuckDbEffects(python)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /**
   * Computes the effects.
   *
   * @param runs Parquet files of runs, as a glob
   * @param out Parquet file to write
   * @param work directory for the query and the script's messages
   * @throws IOException if the script fails; the message has its output
   */
  public Outcome run(String runs, Path out, Path work) throws IOException {
    Files.createDirectories(work);
    Path messages = work.resolve("duckdb.log");
    Path answer = work.resolve("duckdb.json");
    Process process =
        new ProcessBuilder(
                python.toString(),
                copied(SCRIPT, work),
                copied(SQL, work),
                runs,
                out.toString(),
                Integer.toString(THREADS),
                Integer.toString(MEMORY_GB))
            .redirectOutput(answer.toFile())
            .redirectError(messages.toFile())
            .start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("DuckDB failed: " + Files.readString(messages).strip());
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while DuckDB ran", e);
    }
    return Json.read(Files.readString(answer), Outcome.class);
  }

  private static String copied(String resource, Path work) throws IOException {
    Path copy = work.resolve(resource);
    try (InputStream in = DuckDbEffects.class.getResourceAsStream(resource)) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
    }
    return copy.toString();
  }
}
