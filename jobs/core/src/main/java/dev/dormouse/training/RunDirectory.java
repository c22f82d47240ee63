package dev.dormouse.training;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.model.MetricPoint;
import dev.dormouse.table.Json;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of one training attempt. Of files that a run is still writing, whole lines are read.
 *
 * @param path {@code WORK_DIR/campaign/trial/attempt}
 */
record RunDirectory(Path path) {
  private static final int LOG_TAIL_BYTES = 8_000;

  /** Python writes NaN and Infinity into JSON. */
  private static final ObjectReader JSON =
      Json.mapper().reader().with(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS);

  static RunDirectory of(Path workDir, TrialKey key) {
    return new RunDirectory(
        workDir
            .resolve(key.campaignId())
            .resolve(key.trialId())
            .resolve(Integer.toString(key.attempt()))
            .toAbsolutePath());
  }

  /** Returns the names of all files; none if the directory does not exist. */
  Set<String> files() {
    // Cheaper than Files.list, and there may be very many directories.
    String[] names = path.toFile().list();
    return names == null ? Set.of() : Set.of(names);
  }

  boolean has(String file) {
    return Files.exists(path.resolve(file));
  }

  /** Writes a file atomically. */
  void write(String file, String content) throws IOException {
    Path temporary = Files.createTempFile(path, "." + file, ".tmp");
    Files.writeString(temporary, content);
    Files.move(temporary, path.resolve(file), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Takes the claim that the wrapper takes before it trains; returns false if it is taken. */
  boolean claim() {
    try {
      Files.createDirectories(path);
      Files.createDirectory(path.resolve("claim"));
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the whole number in a file; empty if the file is absent or has no number. */
  Optional<Long> number(String file) {
    return text(file)
        .map(String::strip)
        .filter(text -> text.matches("\\d{1,18}"))
        .map(Long::parseLong);
  }

  private Optional<String> text(String file) {
    try {
      // Not readString: a log may hold bytes that are no UTF-8.
      return Optional.of(
          new String(Files.readAllBytes(path.resolve(file)), StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns when a file was last written; empty if it is absent. */
  Optional<Instant> time(String file) {
    try {
      return Optional.of(Files.getLastModifiedTime(path.resolve(file)).toInstant());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the final metrics; none without a readable result. Non-finite values become NaN. */
  SortedMap<String, Double> metrics() {
    SortedMap<String, Double> metrics = new TreeMap<>();
    text("result.json")
        .flatMap(RunDirectory::json)
        .ifPresent(
            result ->
                result
                    .path("metrics")
                    .properties()
                    .forEach(metric -> metrics.put(metric.getKey(), finite(metric.getValue()))));
    return metrics;
  }

  private static double finite(JsonNode value) {
    double number = value.asDouble(Double.NaN);
    return Double.isFinite(number) ? number : Double.NaN;
  }

  /** Returns the finite points of the learning curve as far as it is written, each step once. */
  List<MetricPoint> curve() {
    SortedMap<String, MetricPoint> points = new TreeMap<>();
    text("metrics.jsonl").stream()
        .flatMap(String::lines)
        .flatMap(line -> json(line).stream())
        .filter(RunDirectory::isPoint)
        .map(
            point ->
                new MetricPoint(
                    point.path("metric").asText(),
                    point.path("step").asLong(),
                    point.path("value").asDouble()))
        .forEach(point -> points.put("%s %019d".formatted(point.metric(), point.step()), point));
    return new ArrayList<>(points.values());
  }

  private static boolean isPoint(JsonNode point) {
    return point.path("metric").isTextual()
        && point.path("step").isIntegralNumber()
        && point.path("step").asLong() >= 0
        && point.path("value").isNumber()
        && Double.isFinite(point.path("value").asDouble());
  }

  /** Returns the curve of a run that still trains; only search phases need it. */
  List<MetricPoint> curveOf(Attempt attempt) {
    return attempt.trial().phase().isSearch() && has("metrics.jsonl") ? curve() : List.of();
  }

  private static Optional<JsonNode> json(String text) {
    try {
      return Optional.of(JSON.readTree(text));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Returns the end of the log. */
  String logTail() {
    try (RandomAccessFile file = new RandomAccessFile(path.resolve("log.txt").toFile(), "r")) {
      long from = Math.max(0, file.length() - LOG_TAIL_BYTES);
      byte[] bytes = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
