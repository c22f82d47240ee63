package dev.dormouse.table;

import static dev.dormouse.table.ColumnType.FLOATS;
import static dev.dormouse.table.ColumnType.INT;
import static dev.dormouse.table.ColumnType.STRING;
import static dev.dormouse.table.ColumnType.STRINGS;

/** {@code papers}: research papers. */
public final class PapersTable {
  public static final Table TABLE =
      Table.named("papers", Table.Writer.SPARK, "Research papers, with licence and source")
          .required("paper_id", STRING, "Short name")
          .required("title", STRING, "Title")
          .required("authors", STRINGS, "Authors")
          .optional("year", INT, "Year of publication")
          .optional("venue", STRING, "Where it was published")
          .optional("topic", STRING, "Topic")
          .optional("abstract", STRING, "Abstract, where its licence allows")
          .required("url", STRING, "Source")
          .required("licence", STRING, "Licence of the row")
          .optional("embedding", FLOATS, "Embedding of title and abstract")
          .key("paper_id")
          .build();

  private PapersTable() {}
}
