package dev.dormouse.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.dormouse.ingest.ImportRequest.Format;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Reads a text file once and checks it against {@link Limits}; holds one line in memory. */
final class TextScan {
  private static final int BUFFER = 1 << 16;
  private static final long PROGRESS_BYTES = 64L << 20;

  private final Path file;
  private final long packedBytes;
  private final Format format;
  private final Limits limits;
  private final Consumer<String> progress;
  private final JsonFactory json;
  private final Set<String> columns = new HashSet<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long lines;
  private long unpackedBytes;

  TextScan(Path file, long packedBytes, Format format, Limits limits, Consumer<String> progress) {
    this.file = file;
    this.packedBytes = packedBytes;
    this.format = format;
    this.limits = limits;
    this.progress = progress;
    this.json =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(limits.depth())
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();
  }

  void check(InputStream content) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
      unpackedBytes += read;
      SourceGuard.requireRatio(file, unpackedBytes, packedBytes, limits);
      split(buffer, read);
      if (unpackedBytes % PROGRESS_BYTES < read) {
        progress.accept(String.format("Looking through %s: %,d lines", file, lines));
      }
    }
    endLine();
  }

  private void split(byte[] buffer, int length) throws IOException {
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (buffer[i] == '\n') {
        append(buffer, start, i);
        endLine();
        start = i + 1;
      }
    }
    append(buffer, start, length);
  }

  private void append(byte[] buffer, int start, int end) {
    if (line.size() + end - start > limits.lineBytes()) {
      throw SourceGuard.refused(
          file,
          "has a line of more than "
              + SourceGuard.bytes(limits.lineBytes())
              + " (line "
              + (lines + 1)
              + ")",
          "give each run a line of its own");
    }
    line.write(buffer, start, end - start);
  }

  private void endLine() throws IOException {
    lines++;
    if (format == Format.JSONL) {
      checkNesting(line.toByteArray());
    } else if (lines == 1) {
      long commas = line.toString(UTF_8).chars().filter(character -> character == ',').count();
      SourceGuard.requireColumns(file, (int) commas + 1, limits);
    }
    line.reset();
  }

  /** Ignores a line that is not well-formed: the import quarantines it. */
  private void checkNesting(byte[] jsonLine) throws IOException {
    try (JsonParser parser = json.createParser(jsonLine)) {
      Deque<String> path = new ArrayDeque<>();
      String field = "";
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          field = path.isEmpty() ? parser.currentName() : path.peek() + "." + parser.currentName();
          if (columns.add(field)) {
            SourceGuard.requireColumns(file, columns.size(), limits);
          }
        } else if (token.isStructStart()) {
          path.push(field);
        } else if (token.isStructEnd()) {
          field = path.pop();
        }
      }
    } catch (StreamConstraintsException e) {
      throw SourceGuard.tooDeep(file, " in line " + lines, limits);
    } catch (JsonProcessingException malformed) {
      return;
    }
  }
}
