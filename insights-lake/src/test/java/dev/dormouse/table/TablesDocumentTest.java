package dev.dormouse.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TablesDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/tables.md");
  private static final String WRITE = "dormouse.docs.write";
  private static final String REGENERATE =
      "./mvnw -pl insights-lake test -Dtest=TablesDocumentTest -D" + WRITE + "=true";

  @Test
  void theDocumentSaysWhatTheTablesAre() throws IOException {
    String expected = TablesDocument.markdown(Tables.ALL, REGENERATE);
    if (Boolean.getBoolean(WRITE)) {
      Files.createDirectories(DOCUMENT.getParent());
      Files.writeString(DOCUMENT, expected);
    }

    assertThat(DOCUMENT)
        .as("docs/tables.md is out of date; write it anew: " + REGENERATE)
        .hasContent(expected);
  }
}
