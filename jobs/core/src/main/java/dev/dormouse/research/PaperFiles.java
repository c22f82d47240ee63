package dev.dormouse.research;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.function.Consumer;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jbibtex.BibTeXDatabase;
import org.jbibtex.BibTeXEntry;
import org.jbibtex.BibTeXParser;
import org.jbibtex.Key;
import org.jbibtex.ParseException;
import org.jbibtex.Value;

/**
 * Reads papers from files: JSON lines, BibTeX, and the Atom feeds of arXiv. What lacks a title or a
 * source is refused entry by entry, with the reason.
 */
public final class PaperFiles {
  private static final long MOST_BYTES = 64L << 20;

  /**
   * What a file holds.
   *
   * @param papers the usable ones
   * @param refused a sentence for each that is not
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
   * Reads a file; its name's ending says what it is.
   *
   * @param licence of entries that state none; if it is empty, their abstracts are not kept
   * @throws PaperFileException if the file is none of the kinds, or cannot be read or parsed
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
      if (Files.size(file) > MOST_BYTES) {
        throw new PaperFileException(
            "Cannot import "
                + file
                + ": it has more than "
                + (MOST_BYTES >> 20)
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

  /** LaTeX without its braces and commands, as far as titles need it. */
  private static String plain(String latex) {
    return latex
        .replaceAll("\\\\[a-zA-Z]+\\s?", "")
        .replaceAll("\\\\.", "")
        .replaceAll("[{}$]", "");
  }

  /** Without document types or entities: a feed has no use for them, and they can name files. */
  private void atom(Path file, String text) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try {
      XMLStreamReader xml = factory.createXMLStreamReader(new StringReader(text));
      while (xml.hasNext()) {
        int event = xml.next();
        if (event == XMLStreamConstants.DTD) {
          throw new PaperFileException(
              "Cannot import " + file + ": it declares a document type, which no feed needs");
        }
        if (event == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("entry")) {
          entry(xml);
        }
      }
    } catch (XMLStreamException e) {
      throw new PaperFileException(
          "Cannot import " + file + ": it is not well-formed XML (" + firstLine(e) + ")", e);
    }
  }

  private void entry(XMLStreamReader xml) throws XMLStreamException {
    Map<String, String> entry = new HashMap<>();
    List<String> authors = new ArrayList<>();
    int line = xml.getLocation().getLineNumber();
    while (xml.hasNext()) {
      int event = xml.next();
      if (event == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("entry")) {
        break;
      }
      if (event != XMLStreamConstants.START_ELEMENT) {
        continue;
      }
      switch (xml.getLocalName()) {
        case "id" -> entry.put("url", xml.getElementText());
        case "title" -> entry.put("title", xml.getElementText());
        case "summary" -> entry.put("abstract", xml.getElementText());
        case "published" -> entry.put("year", xml.getElementText());
        case "doi" -> entry.put("doi", xml.getElementText());
        case "journal_ref" -> entry.put("venue", xml.getElementText());
        case "rights", "license" -> entry.put("licence", xml.getElementText());
        case "primary_category" -> attribute(xml, "term", term -> entry.put("topic", term));
        case "name" -> authors.add(xml.getElementText().strip());
        case "link" -> {
          if ("license".equals(xml.getAttributeValue(null, "rel"))) {
            attribute(xml, "href", href -> entry.put("licence", href));
          }
        }
        default -> {}
      }
    }
    take("entry at line " + line, entry, authors);
  }

  private static void attribute(XMLStreamReader xml, String name, Consumer<String> use) {
    String value = xml.getAttributeValue(null, name);
    if (value != null) {
      use.accept(value);
    }
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("no details");
  }
}
