package dev.dormouse.training;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.model.MetricPoint;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What lies in the directory of one training attempt. Files that a run is still writing are read as
 * far as they are whole.
 *
 * @param path {@code WORK_DIR/campaign/trial/attempt}
 */
record RunDirectory(Path path) {
  private static final int LOG_TAIL_BYTES = 8_000;

  static RunDirectory of(Path workDir, TrialKey key) {
    return new RunDirectory(
        workDir
            .resolve(key.campaignId())
            .resolve(key.trialId())
            .resolve(Integer.toString(key.attempt()))
            .toAbsolutePath());
  }

  boolean isClaimed() {
    return Files.isDirectory(path.resolve("claim"));
  }

  Optional<Long> number(String file) {
    return text(file).map(text -> Long.parseLong(text.strip()));
  }

  Optional<Instant> instant(String file) {
    return number(file).map(Instant::ofEpochSecond);
  }

  boolean has(String file) {
    return Files.exists(path.resolve(file));
  }

  Optional<String> text(String file) {
    try {
      String text = Files.readString(path.resolve(file));
      return text.isBlank() ? Optional.empty() : Optional.of(text);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** When the attempt was claimed. */
  Instant claimedAt() {
    try {
      return Files.getLastModifiedTime(path.resolve("claim")).toInstant();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Final metrics; none if there is no readable result. Numbers that are not finite are kept as
   * NaN.
   */
  SortedMap<String, Double> metrics() {
    SortedMap<String, Double> metrics = new TreeMap<>();
    text("result.json")
        .flatMap(RunDirectory::json)
        .ifPresent(
            result ->
                result
                    .path("metrics")
                    .fields()
                    .forEachRemaining(
                        metric ->
                            metrics.put(metric.getKey(), metric.getValue().asDouble(Double.NaN))));
    return metrics;
  }

  /** The learning curve as far as it is written. */
  List<MetricPoint> curve() {
    List<MetricPoint> points = new ArrayList<>();
    text("metrics.jsonl")
        .ifPresent(
            lines ->
                lines
                    .lines()
                    .flatMap(line -> json(line).stream())
                    .filter(
                        point ->
                            point.path("value").isNumber() && point.path("step").canConvertToLong())
                    .forEach(
                        point ->
                            points.add(
                                new MetricPoint(
                                    point.path("metric").asText(),
                                    point.path("step").asLong(),
                                    point.path("value").asDouble()))));
    return points;
  }

  private static Optional<JsonNode> json(String text) {
    try {
      return Optional.of(Json.mapper().readTree(text));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The end of the log. */
  String logTail() {
    Path log = path.resolve("log.txt");
    if (!Files.exists(log)) {
      return "";
    }
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(0, file.length() - LOG_TAIL_BYTES);
      byte[] bytes = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
