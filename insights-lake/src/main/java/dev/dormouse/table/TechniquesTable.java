package dev.dormouse.table;

import static dev.dormouse.table.ColumnType.DOUBLE;
import static dev.dormouse.table.ColumnType.STRING;
import static dev.dormouse.table.ColumnType.STRINGS;

/** {@code techniques}: research knowledge as cards. */
public final class TechniquesTable {
  public static final Table TABLE =
      Table.named("techniques", Table.Writer.SPARK, "Cards of research knowledge")
          .required("technique_id", STRING, "Short name")
          .required("title", STRING, "What it is called")
          .required("claim", STRING, "What is claimed")
          .required("mechanism", STRING, "Why it should work")
          .required("applies_when", STRING, "Circumstances in which it is worth trying")
          .required("applies_to", STRINGS, "Model variants it applies to; empty: any")
          .required("moves", STRING, "Parameters it touches and where to move them, as JSON")
          .required("expected_gain", DOUBLE, "Expected gain in units of seed noise")
          .required("cost", STRING, "Expected cost, in words")
          .required("known_failures", STRING, "What is known to go wrong")
          .required("reference", STRING, "Authors, title, year")
          .required("url", STRING, "Source")
          .required("licence", STRING, "Licence of the text of the card")
          .key("technique_id")
          .build();

  private TechniquesTable() {}
}
