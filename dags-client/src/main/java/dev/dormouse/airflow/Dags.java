package dev.dormouse.airflow;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Our DAGs, as this version of Dormouse brings them. */
public final class Dags {
  /** Their ids; each lies in a file of its name in {@code dags-client/dags}. */
  public static final List<String> IDS =
      List.of("dormouse_tick", "dormouse_train", "dormouse_approve");

  private Dags() {}

  /** The source of a DAG of ours. */
  public static String source(String dagId) {
    try (InputStream file = Dags.class.getResourceAsStream("dags/" + dagId + ".py")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
