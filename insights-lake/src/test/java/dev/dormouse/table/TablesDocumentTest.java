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
    String expected = TablesDocument.markdown(Tables.ALL);
    if (Boolean.getBoolean("dormouse.regenerate")) {
      Files.createDirectories(DOCUMENT.getParent());
      Files.writeString(DOCUMENT, expected);
    }

    assertThat(DOCUMENT)
        .as("docs/tables.md is out of date; write it anew: " + TablesDocument.REGENERATE)
        .hasContent(expected);
  }
}
