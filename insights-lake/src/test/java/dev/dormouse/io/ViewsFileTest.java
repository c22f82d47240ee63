package dev.dormouse.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.SerializationFeature;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The notebooks know the same views as Spark. */
class ViewsFileTest {
  private static final Path FILE = Path.of("../notebooks/views.json");

  @Test
  void theNotebooksKnowTheSameViews() throws IOException {
    String expected =
        Json.mapper()
                .writer()
                .with(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsString(Views.ALL)
            + "\n";
    if (Boolean.getBoolean("dormouse.regenerate")) {
      Files.writeString(FILE, expected);
    }

    assertThat(FILE)
        .as(
            "notebooks/views.json is out of date; write it anew: ./mvnw test -pl insights-lake -Dtest=ViewsFileTest -Ddormouse.regenerate=true")
        .hasContent(expected);
  }
}
