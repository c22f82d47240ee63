package dev.dormouse.research;

import dev.dormouse.model.Digests;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a paper from the fields of an entry, under the names that each kind of file uses. */
final class PaperFields {
  private static final String UNKNOWN_LICENCE = "unknown; bibliographic facts only";
  private static final Pattern YEAR = Pattern.compile("(?<!\\d)((?:19|20)\\d\\d)(?!\\d)");
  private static final Pattern URL = Pattern.compile("https?://[^\\s<>\"'`]{3,500}");
  private static final Pattern ARXIV =
      Pattern.compile("(?:^|arxiv[.:/]|abs/|pdf/)(\\d{4}\\.\\d{4,5})(?:v\\d+)?(?:$|[^\\d])");
  private static final Pattern DOI = Pattern.compile("10\\.\\d{4,9}/[^\\s<>\"']{1,200}");
  private static final int LONGEST_LINE = 500;
  private static final int LONGEST_ABSTRACT = 10_000;

  private final String defaultLicence;

  PaperFields(String defaultLicence) {
    this.defaultLicence = defaultLicence.strip();
  }

  void paper(
      Map<String, String> entry,
      List<String> authors,
      Consumer<Paper> usable,
      Consumer<String> refused) {
    String title = line(first(entry, "title"));
    Optional<String> url = url(entry);
    if (title.isEmpty()) {
      refused.accept("has no title");
      return;
    }
    if (url.isEmpty()) {
      refused.accept("has no source: give it a url, a doi or an arXiv number");
      return;
    }
    String licence = line(first(entry, "licence", "license", "copyright"));
    boolean known = !licence.isEmpty() || !defaultLicence.isEmpty();
    usable.accept(
        new Paper(
            id(entry, url.get()),
            title,
            authors.stream().map(PaperFields::line).filter(a -> !a.isEmpty()).toList(),
            year(first(entry, "year", "date", "published")),
            line(first(entry, "venue", "booktitle", "journal")),
            line(first(entry, "topic", "keywords")),
            known ? cut(plain(first(entry, "abstract", "summary")), LONGEST_ABSTRACT) : "",
            url.get(),
            !licence.isEmpty() ? licence : known ? defaultLicence : UNKNOWN_LICENCE));
  }

  private static String id(Map<String, String> entry, String url) {
    String stated = line(first(entry, "id", "paper_id"));
    if (stated.matches("[A-Za-z0-9][A-Za-z0-9._+:-]{0,79}")) {
      return stated;
    }
    return arxiv(url)
        .map(number -> "arXiv:" + number)
        .orElseGet(() -> "p-" + Digests.sha256(url).substring(0, 12));
  }

  private static Optional<String> url(Map<String, String> entry) {
    Matcher url = URL.matcher(first(entry, "url", "link").strip());
    if (url.matches()) {
      return Optional.of(url.group());
    }
    Matcher doi = DOI.matcher(first(entry, "doi"));
    if (doi.find()) {
      return Optional.of("https://doi.org/" + doi.group());
    }
    return arxiv(first(entry, "arxiv", "eprint", "arxivid"))
        .map(number -> "https://arxiv.org/abs/" + number);
  }

  private static Optional<String> arxiv(String text) {
    Matcher number = ARXIV.matcher(text.strip());
    return number.find() ? Optional.of(number.group(1)) : Optional.empty();
  }

  private static OptionalInt year(String text) {
    Matcher year = YEAR.matcher(text);
    return year.find() ? OptionalInt.of(Integer.parseInt(year.group(1))) : OptionalInt.empty();
  }

  private static String first(Map<String, String> entry, String... names) {
    for (String name : names) {
      String value = entry.get(name);
      if (value != null && !value.isBlank()) {
        return value;
      }
    }
    return "";
  }

  private static String line(String text) {
    return cut(plain(text), LONGEST_LINE);
  }

  /** Returns the text on one line, without control characters. */
  private static String plain(String text) {
    return text.replaceAll("[\\p{Cntrl}\\p{Cf}]+", " ").replaceAll("\\s+", " ").strip();
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most);
  }
}
