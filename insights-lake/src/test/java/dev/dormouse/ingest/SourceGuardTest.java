package dev.dormouse.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import dev.dormouse.ingest.ImportRequest.Format;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceGuardTest {
  /** File of 100 kB, unpacked from 50 kB on at most 20 times, 1,000 rows, 5 columns, 4 deep, ... */
  private static final Limits SMALL = new Limits(100_000, 50_000, 20, 1_000, 5, 4, 1_000, 3);

  @TempDir Path files;

  @Test
  void acceptsWhatIsWithinTheLimits() throws IOException {
    Path csv = Files.writeString(files.resolve("a.csv"), "a,b,c,d,e\n" + "1,2,3,4,5\n".repeat(90));
    Path json =
        Files.writeString(
            files.resolve("a.jsonl"),
            "{\"a\":[{\"b\":1},{\"c\":[2]},{\"b\":1},{\"c\":[1]}],\"d\":{\"e\":1}}\n");
    assertThatCode(() -> SourceGuard.check(csv, Format.CSV, SMALL, x -> {}))
        .doesNotThrowAnyException();
    assertThatCode(() -> SourceGuard.check(json, Format.JSONL, SMALL, x -> {}))
        .doesNotThrowAnyException();
    assertThatCode(
            () ->
                SourceGuard.check(
                    Path.of("data", "history", "experiments.parquet"),
                    Format.PARQUET,
                    Limits.DEFAULT,
                    x -> {}))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesAFileThatIsTooLarge() throws IOException {
    Path csv = Files.writeString(files.resolve("a.csv"), "a\n" + "1\n".repeat(50_000));
    assertRefused(csv, Format.CSV)
        .hasMessage("Will not import " + csv + ": it is larger than 100000 bytes; split it");
  }

  @Test
  void refusesWhatUnpacksTooMuchAndStopsReadingThere() throws IOException {
    byte[] bomb = "a,b\n".repeat(100_000).getBytes(UTF_8);
    try (OutputStream gz = new GZIPOutputStream(new FileOutputStream(file("bomb.csv.gz")))) {
      gz.write(bomb);
    }
    try (OutputStream zst = new ZstdOutputStream(new FileOutputStream(file("bomb.csv.zst")))) {
      zst.write(bomb);
    }
    for (String name : new String[] {"bomb.csv.gz", "bomb.csv.zst"}) {
      assertRefused(files.resolve(name), Format.CSV)
          .hasMessageContaining("unpacks to more than 20 times its size and more than 50000 bytes");
    }
    Path directory = Files.createDirectory(files.resolve("runs"));
    Files.move(files.resolve("bomb.csv.gz"), directory.resolve("part=1.csv.gz"));
    assertRefused(directory, Format.CSV).hasMessageContaining("part=1.csv.gz");
    assertThatCode(
            () ->
                SourceGuard.check(
                    files.resolve("bomb.csv.zst"), Format.CSV, Limits.DEFAULT, x -> {}))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesTooManyColumnsWhereverTheyAre() throws IOException {
    assertRefused(Files.writeString(files.resolve("a.csv"), "a,b,c,d,e,f\n"), Format.CSV)
        .hasMessageContaining("has more than 5 columns");
    Path json =
        Files.writeString(
            files.resolve("a.jsonl"),
            "{\"a\":1,\"b\":{\"c\":1}}\n{\"b\":{\"d\":1}}\n{\"e\":1}\n{\"f\":1}\n");
    assertRefused(json, Format.JSONL).hasMessageContaining("has more than 5 columns");
    assertRefused(
            Path.of("data", "history", "learning_curves.parquet"),
            Format.PARQUET,
            new Limits(1 << 20, 1 << 20, 20, 1_000_000, 5, 4, 1_000, 3))
        .hasMessageContaining("has more than 5 columns");
    assertRefused(
            Path.of("data", "history", "learning_curves.parquet"),
            Format.PARQUET,
            new Limits(1 << 20, 1 << 20, 20, 1_000, 5_000, 4, 1_000, 3))
        .hasMessageContaining("claims more than 1000 rows");
    assertRefused(
            Path.of("data", "history", "learning_curves.parquet"),
            Format.PARQUET,
            new Limits(1 << 20, 1, 1, 1_000_000, 5_000, 4, 1_000, 3))
        .hasMessageContaining("unpacks to more than 1 times its size");
  }

  @Test
  void refusesJsonThatIsTooDeepAndNamesTheLine() throws IOException {
    Path json = Files.writeString(files.resolve("a.jsonl"), "{}\n{\"a\":[[[[1]]]]}\n");
    assertRefused(json, Format.JSONL)
        .hasMessageContaining("nests values more than 4 deep in line 2");
  }

  @Test
  void refusesALineThatIsTooLong() throws IOException {
    Path csv = Files.writeString(files.resolve("a.csv"), "a\n" + "x".repeat(1_001));
    assertRefused(csv, Format.CSV)
        .hasMessageContaining("has a line of more than 1000 bytes (line 2)");
  }

  @Test
  void aBrokenOrUnknownPackingIsNamed() throws IOException {
    assertRefused(Files.writeString(files.resolve("a.csv.gz"), "no gzip"), Format.CSV)
        .hasMessageStartingWith("Cannot read " + files.resolve("a.csv.gz") + " as CSV: ");
    assertRefused(Files.writeString(files.resolve("a.csv.xz"), "xz"), Format.CSV)
        .hasMessageContaining("unpack it, or use gzip");
  }

  private String file(String name) {
    return files.resolve(name).toString();
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(Path source, Format format) {
    return assertRefused(source, format, SMALL);
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(
      Path source, Format format, Limits limits) {
    return assertThatThrownBy(() -> SourceGuard.check(source, format, limits, x -> {}))
        .isInstanceOf(ImportException.class);
  }
}
