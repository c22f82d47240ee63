package dev.dormouse.ingest;

import com.github.luben.zstd.ZstdInputStream;
import dev.dormouse.ingest.ImportRequest.Format;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;

/** Refuses files that exceed {@link Limits}, before Spark sees them. */
final class SourceGuard {
  private SourceGuard() {}

  /**
   * Checks a file, or the files of a directory, by reading them once; of Parquet only the footers.
   *
   * @throws ImportException if a file exceeds a limit or cannot be read at all
   */
  static void check(Path source, Format format, Limits limits, Consumer<String> progress) {
    try {
      for (Path file : files(source)) {
        checkFile(file, format, limits, progress);
      }
    } catch (IOException | RuntimeException e) {
      throw e instanceof ImportException known ? known : SourceFiles.unreadable(source, format, e);
    }
  }

  /** Returns the files that Spark reads: no hidden ones, and of directories only partitions. */
  private static List<Path> files(Path source) throws IOException {
    if (!Files.isDirectory(source)) {
      return List.of(source);
    }
    List<Path> files = new ArrayList<>();
    try (var children = Files.newDirectoryStream(source, path -> !isHidden(path))) {
      for (Path child : children) {
        if (!Files.isDirectory(child)) {
          files.add(child);
        } else if (child.getFileName().toString().contains("=")) {
          files.addAll(files(child));
        }
      }
    }
    return files;
  }

  private static boolean isHidden(Path path) {
    String name = path.getFileName().toString();
    return name.startsWith(".") || (name.startsWith("_") && !name.contains("="));
  }

  private static void checkFile(Path file, Format format, Limits limits, Consumer<String> progress)
      throws IOException {
    long size = Files.size(file);
    if (size > limits.fileBytes()) {
      throw refused(file, "is larger than " + bytes(limits.fileBytes()), "split it");
    }
    if (format == Format.PARQUET) {
      checkFooter(file, limits);
    } else {
      try (InputStream content = unpacked(file)) {
        new TextScan(file, size, format, limits, progress).check(content);
      }
    }
  }

  private static void checkFooter(Path file, Limits limits) throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      MessageType schema = reader.getFileMetaData().getSchema();
      requireColumns(file, schema.getPaths().size(), limits);
      if (schema.getPaths().stream().anyMatch(path -> path.length > limits.depth())) {
        throw tooDeep(file, "", limits);
      }
      if (reader.getRecordCount() > limits.rows()) {
        throw refused(file, "claims more than " + limits.rows() + " rows", "split it");
      }
      long unpacked =
          reader.getRowGroups().stream().mapToLong(BlockMetaData::getTotalByteSize).sum();
      requireRatio(file, unpacked, Files.size(file), limits);
    }
  }

  /** Unpacks by the ending of the name, as Spark does. */
  private static InputStream unpacked(Path file) throws IOException {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    InputStream packed = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    if (name.endsWith(".gz")) {
      return new GZIPInputStream(packed, 1 << 16);
    }
    if (name.endsWith(".bz2")) {
      BZip2Codec bzip2 = new BZip2Codec();
      bzip2.setConf(new Configuration(false));
      return bzip2.createInputStream(packed);
    }
    if (name.endsWith(".zst")) {
      return new ZstdInputStream(packed);
    }
    if (name.matches(".*\\.(zip|xz|lz4|snappy|deflate|7z|tar)")) {
      packed.close();
      throw refused(
          file, "has a compression format that is not supported", "unpack it, or use gzip");
    }
    return packed;
  }

  static void requireRatio(Path file, long unpacked, long packed, Limits limits) {
    if (unpacked >= limits.unpackedBytes() && unpacked / limits.ratio() >= Math.max(1, packed)) {
      throw refused(
          file,
          "unpacks to more than "
              + limits.ratio()
              + " times its size and more than "
              + bytes(limits.unpackedBytes()),
          "if that is intended, unpack it first");
    }
  }

  static void requireColumns(Path file, int columns, Limits limits) {
    if (columns > limits.columns()) {
      throw refused(
          file,
          "has more than " + limits.columns() + " columns",
          "keep those that a mapping would name");
    }
  }

  static ImportException tooDeep(Path file, String where, Limits limits) {
    return refused(
        file, "nests values more than " + limits.depth() + " deep" + where, "flatten it");
  }

  static ImportException refused(Path file, String problem, String remedy) {
    return new ImportException("Will not import " + file + ": it " + problem + "; " + remedy);
  }

  static String bytes(long bytes) {
    return bytes % (1 << 20) == 0 ? (bytes >> 20) + " MiB" : bytes + " bytes";
  }
}
