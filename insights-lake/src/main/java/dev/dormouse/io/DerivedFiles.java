package dev.dormouse.io;

import dev.dormouse.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Files beside the data of tables that can be derived from the tables again. */
final class DerivedFiles {
  private final Path root;

  DerivedFiles(Path root) {
    this.root = root;
  }

  /** Returns the content of a file; empty if it does not exist. */
  Optional<byte[]> read(Table table, String name) {
    Path file = directory(table).resolve(name);
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new LakeException("Cannot read " + file, e);
    }
  }

  /** Returns the names of the files of a table, in order. */
  List<String> names(Table table) {
    Path directory = directory(table);
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new LakeException("Cannot list " + directory, e);
    }
  }

  /** Writes a file; readers see all of it or nothing. */
  void write(Table table, String name, byte[] content) {
    Path file = directory(table).resolve(name);
    try {
      Path directory = Files.createDirectories(directory(table));
      Path temporary = Files.createTempFile(directory, ".", ".tmp");
      try {
        Files.write(temporary, content);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new LakeException("Cannot write " + file, e);
    }
  }

  /** Deletes a file, if it exists. */
  void delete(Table table, String name) {
    Path file = directory(table).resolve(name);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new LakeException("Cannot delete " + file, e);
    }
  }

  /** Delta's vacuum ignores directories whose names begin with an underscore. */
  private Path directory(Table table) {
    return root.resolve(table.name()).resolve("_cache");
  }
}
