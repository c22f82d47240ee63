package dev.dormouse.research;

import dev.dormouse.table.PapersTable;
import dev.dormouse.table.TableRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * A paper of the research library.
 *
 * @param paperId its short name
 * @param title its title
 * @param authors its authors, in order
 * @param year of publication, if known
 * @param venue journal or conference; may be empty
 * @param topic may be empty
 * @param summary its abstract; empty if it has none or its licence is not known
 * @param url its address
 * @param licence licence of this row
 */
public record Paper(
    String paperId,
    String title,
    List<String> authors,
    OptionalInt year,
    String venue,
    String topic,
    String summary,
    String url,
    String licence) {
  public Paper {
    authors = List.copyOf(authors);
  }

  /** Returns the text to embed and to search. */
  String text() {
    return String.join(". ", List.of(title, topic, summary)).strip();
  }

  /** Returns the paper's row; {@code embedding} is empty if there is none. */
  TableRow encode(List<Float> embedding) {
    return TableRow.of(PapersTable.TABLE)
        .set("paper_id", paperId)
        .set("title", title)
        .set("authors", authors)
        .set("year", year.isPresent() ? year.getAsInt() : null)
        .set("venue", nullIfEmpty(venue))
        .set("topic", nullIfEmpty(topic))
        .set("abstract", nullIfEmpty(summary))
        .set("url", url)
        .set("licence", licence)
        .set("embedding", embedding.isEmpty() ? null : new ArrayList<>(embedding))
        .build();
  }

  /** Returns the paper of a row. */
  static Paper decode(TableRow row) {
    return new Paper(
        row.text("paper_id"),
        row.text("title"),
        row.texts("authors"),
        row.optionalNumber("year").isPresent()
            ? OptionalInt.of((int) row.number("year"))
            : OptionalInt.empty(),
        row.optionalText("venue").orElse(""),
        row.optionalText("topic").orElse(""),
        row.optionalText("abstract").orElse(""),
        row.text("url"),
        row.text("licence"));
  }

  /** Returns authors and year for people, e.g. "Wang et al., 2021". */
  String byline() {
    String first = authors.isEmpty() ? "unknown" : authors.get(0);
    return first
        + (authors.size() > 1 ? " et al." : "")
        + (year.isPresent() ? String.format(Locale.ROOT, ", %d", year.getAsInt()) : "");
  }

  private static String nullIfEmpty(String text) {
    return text.isEmpty() ? null : text;
  }
}
