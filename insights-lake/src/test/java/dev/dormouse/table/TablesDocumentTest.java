package dev.dormouse.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TablesDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/tables.md");

  @Test
  void theDocumentSaysWhatTheTablesAre() throws IOException {
    String generated = TablesDocument.markdown(Tables.ALL);
    if (Boolean.getBoolean("dormouse.regenerate")) {
      Files.writeString(DOCUMENT, generated);
    }
    assertThat(Files.readString(DOCUMENT))
        .as(
            "docs/tables.md is out of date; run: ./mvnw test -pl insights-lake -Dtest=TablesDocumentTest -Ddormouse.regenerate=true")
        .isEqualTo(generated);
  }
}
