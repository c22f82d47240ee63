package dev.dormouse.research;

import com.rometools.rome.feed.atom.Entry;
import com.rometools.rome.feed.atom.Feed;
import com.rometools.rome.feed.atom.Link;
import com.rometools.rome.io.FeedException;
import com.rometools.rome.io.WireFeedInput;
import java.io.IOException;
import java.io.StringReader;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.xml.XMLConstants;
import org.jdom2.Attribute;
import org.jdom2.Document;
import org.jdom2.Element;
import org.jdom2.JDOMException;
import org.jdom2.input.SAXBuilder;
import org.jdom2.input.sax.XMLReaders;
import org.jdom2.located.Located;
import org.jdom2.located.LocatedJDOMFactory;

/** Reads the Atom feeds of arXiv. */
final class ArxivFeed {
  private ArxivFeed() {}

  /**
   * An entry of a feed.
   *
   * @param line where it stands in the file, from 1
   * @param fields by the names that {@link PaperFields} reads
   */
  record FeedEntry(int line, Map<String, String> fields, List<String> authors) {}

  /**
   * Reads the entries of an Atom feed.
   *
   * @throws JDOMException if the text is not well-formed XML, or declares a document type: a feed
   *     needs none, and its entities can name files or grow without bound
   * @throws FeedException if the XML is not an Atom feed
   */
  static List<FeedEntry> read(String xml) throws JDOMException, FeedException {
    Document document = parse(xml);
    List<Integer> lines = new ArrayList<>();
    for (Element element : document.getRootElement().getChildren()) {
      if (element.getName().equals("entry") && element instanceof Located located) {
        lines.add(located.getLine());
      }
    }
    List<FeedEntry> entries = new ArrayList<>();
    for (Entry entry : feed(document).getEntries()) {
      entries.add(
          new FeedEntry(
              lines.get(entries.size()),
              fields(entry),
              entry.getAuthors().stream().map(author -> text(author.getName())).toList()));
    }
    return entries;
  }

  private static Document parse(String xml) throws JDOMException {
    SAXBuilder builder = new SAXBuilder(XMLReaders.NONVALIDATING);
    builder.setJDOMFactory(new LocatedJDOMFactory());
    builder.setExpandEntities(false);
    builder.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    builder.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    builder.setFeature("http://xml.org/sax/features/external-general-entities", false);
    builder.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
    try {
      return builder.build(new StringReader(xml));
    } catch (IOException e) {
      throw new JDOMException("it refers to something outside of it", e);
    }
  }

  private static Feed feed(Document document) throws FeedException {
    try {
      if (new WireFeedInput(false, Locale.ROOT).build(document) instanceof Feed feed) {
        return feed;
      }
    } catch (IllegalArgumentException e) {
      throw new FeedException(e.getMessage(), e);
    }
    throw new FeedException("it is RSS");
  }

  private static Map<String, String> fields(Entry entry) {
    Map<String, String> fields = new HashMap<>();
    fields.put("url", text(entry.getId()));
    fields.put("title", text(entry.getTitle()));
    if (entry.getSummary() != null) {
      fields.put("abstract", text(entry.getSummary().getValue()));
    }
    if (entry.getPublished() != null) {
      int year = entry.getPublished().toInstant().atZone(ZoneOffset.UTC).getYear();
      fields.put("year", Integer.toString(year));
    }
    if (entry.getRights() != null) {
      fields.put("licence", entry.getRights());
    }
    for (Element element : entry.getForeignMarkup()) {
      switch (element.getName()) {
        case "doi" -> fields.put("doi", element.getText());
        case "journal_ref" -> fields.put("venue", element.getText());
        case "license" -> fields.put("licence", element.getText());
        case "primary_category" ->
            Optional.ofNullable(element.getAttribute("term"))
                .map(Attribute::getValue)
                .ifPresent(term -> fields.put("topic", term));
        default -> {}
      }
    }
    for (Link link : entry.getOtherLinks()) {
      if ("license".equals(link.getRel())) {
        fields.put("licence", text(link.getHref()));
      }
    }
    return fields;
  }

  private static String text(String text) {
    return text == null ? "" : text.strip();
  }
}
