package dev.dormouse.research;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.rometools.rome.io.FeedException;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jbibtex.BibTeXDatabase;
import org.jbibtex.BibTeXEntry;
import org.jbibtex.BibTeXParser;
import org.jbibtex.Key;
import org.jbibtex.ParseException;
import org.jbibtex.Value;
import org.jdom2.JDOMException;

/**
 * Reads papers from files: JSON lines, BibTeX, and the Atom feeds of arXiv. An entry without a
 * title or a source is refused with the reason; the others are read.
 */
public final class PaperFiles {
  private static final long MAX_BYTES = 64L << 20;

  /**
   * The contents of a file.
   *
   * @param papers the usable entries
   * @param refused a sentence for each entry that is not usable
   */
  public record Contents(List<Paper> papers, List<String> refused) {
    public Contents {
      papers = List.copyOf(papers);
      refused = List.copyOf(refused);
    }
  }

  private final PaperFields fields;
  private final List<Paper> papers = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();

  private PaperFiles(PaperFields fields) {
    this.fields = fields;
  }

  /**
   * Reads a file by the ending of its name.
   *
   * @param licence licence of entries that state none; if empty, their abstracts are not kept
   * @throws PaperFileException if the ending is not known, or the file cannot be read or parsed
   */
  public static Contents read(Path file, String licence) {
    PaperFiles reading = new PaperFiles(new PaperFields(licence));
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    String text = text(file);
    if (name.endsWith(".jsonl")) {
      reading.jsonLines(text);
    } else if (name.endsWith(".bib")) {
      reading.bibtex(file, text);
    } else if (name.endsWith(".xml") || name.endsWith(".atom")) {
      reading.atom(file, text);
    } else {
      throw new PaperFileException(
          "Cannot import "
              + file
              + ": its name must end in .jsonl, .bib (BibTeX), or .xml or .atom (a feed of arXiv)");
    }
    return new Contents(reading.papers, reading.refused);
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new PaperFileException(
            "Cannot import "
                + file
                + ": it has more than "
                + (MAX_BYTES >> 20)
                + " MiB; split it into smaller files");
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new PaperFileException(
          "Cannot import " + file + ": there is no such file, or it is not readable UTF-8", e);
    }
  }

  private void take(String where, Map<String, String> entry, List<String> authors) {
    fields.paper(entry, authors, papers::add, why -> refused.add(where + " " + why));
  }

  private void jsonLines(String text) {
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      try {
        JsonNode json = Json.mapper().readTree(line);
        Map<String, String> entry = new HashMap<>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
          if (field.getValue().isValueNode() && !field.getValue().isNull()) {
            entry.put(field.getKey().toLowerCase(Locale.ROOT), field.getValue().asText());
          }
        }
        take("line " + number, entry, authors(json.path("authors")));
      } catch (JsonProcessingException e) {
        refused.add("line " + number + " is not JSON");
      }
    }
  }

  private static List<String> authors(JsonNode authors) {
    List<String> names = new ArrayList<>();
    if (authors.isArray()) {
      authors.forEach(
          author -> names.add(author.isTextual() ? author.asText() : author.path("name").asText()));
      return names;
    }
    return split(authors.asText(""));
  }

  private static List<String> split(String authors) {
    List<String> names = new ArrayList<>();
    for (String name : authors.split("\\s+and\\s+|;", -1)) {
      if (!name.isBlank()) {
        names.add(name.strip());
      }
    }
    return names;
  }

  private void bibtex(Path file, String text) {
    BibTeXDatabase database;
    try (Reader reader = new StringReader(text)) {
      database = new BibTeXParser().parseFully(reader);
    } catch (ParseException | IOException | RuntimeException e) {
      throw new PaperFileException(
          "Cannot import " + file + ": it is not BibTeX (" + firstLine(e) + ")", e);
    }
    for (Map.Entry<Key, BibTeXEntry> named : database.getEntries().entrySet()) {
      Map<String, String> entry = new HashMap<>();
      for (Map.Entry<Key, Value> field : named.getValue().getFields().entrySet()) {
        entry.put(
            field.getKey().getValue().toLowerCase(Locale.ROOT),
            plain(field.getValue().toUserString()));
      }
      entry.putIfAbsent("id", named.getKey().getValue());
      take("entry " + named.getKey().getValue(), entry, split(entry.getOrDefault("author", "")));
    }
  }

  /** Removes LaTeX braces and commands, as far as titles need it. */
  private static String plain(String latex) {
    return latex
        .replaceAll("\\\\[a-zA-Z]+\\s?", "")
        .replaceAll("\\\\.", "")
        .replaceAll("[{}$]", "");
  }

  private void atom(Path file, String text) {
    try {
      for (ArxivFeed.FeedEntry entry : ArxivFeed.read(text)) {
        take("entry at line " + entry.line(), entry.fields(), entry.authors());
      }
    } catch (JDOMException e) {
      throw new PaperFileException(
          "Cannot import "
              + file
              + ": it is not well-formed XML without a DOCTYPE ("
              + firstLine(e)
              + ")",
          e);
    } catch (FeedException e) {
      throw new PaperFileException(
          "Cannot import " + file + ": it is not an Atom 1.0 feed (" + firstLine(e) + ")", e);
    }
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("no details");
  }
}
