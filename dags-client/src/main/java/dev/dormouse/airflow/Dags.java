package dev.dormouse.airflow;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Dormouse's DAGs of this version. */
public final class Dags {
  /** Ids of the DAGs; each is in a file with its name in {@code dags-client/dags}. */
  public static final List<String> IDS =
      List.of("dormouse_tick", "dormouse_train", "dormouse_approve", "dormouse_learn");

  private Dags() {}

  /** Returns the source of one of Dormouse's DAGs. */
  public static String source(String dagId) {
    try (InputStream file = Dags.class.getResourceAsStream("dags/" + dagId + ".py")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
