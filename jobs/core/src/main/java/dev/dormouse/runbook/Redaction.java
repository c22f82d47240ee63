package dev.dormouse.runbook;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes secrets out of lines of logs before they are kept or shown: what stands behind words such
 * as "password" or "token", and what has the form of a well-known kind of key.
 */
public final class Redaction {
  private static final String GONE = "[redacted]";

  /** A secret, after what tells that it is one (kept). */
  private static final List<Pattern> SECRETS =
      List.of(
          Pattern.compile("(?i)(\\bauthorization\\b\\W{1,4}(?:(?:bearer|basic|token)\\s+)?)\\S+"),
          Pattern.compile("(?i)(\\bbearer\\s+)[A-Za-z0-9._~+/=-]{8,}"),
          Pattern.compile(
              "(?i)([A-Z0-9_.-]*(?:api[_-]?key|access[_-]?key|secret|passw(?:or)?d|token|credential)"
                  + "[A-Z0-9_.-]*[\"']?\\s*[=:]\\s*)(?:\"[^\"]*\"|'[^']*'|[^\\s,;&]+)"),
          Pattern.compile("(\\b[a-z][a-z0-9+.-]*://[^\\s/:@]*:)[^\\s/@]+(?=@)"),
          Pattern.compile(
              "()\\b(?:sk|pk|rk|ghp|gho|ghs|glpat|hf|xox[abprs])[-_][A-Za-z0-9_-]{12,}"),
          Pattern.compile("()\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b"),
          Pattern.compile("()\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*"));

  /** An absolute path, a Windows path or the address of a file. */
  private static final Pattern PATH =
      Pattern.compile(
          "(?:\\b[a-z][a-z0-9+.-]*:/{1,3}[^\\s\"'<>|,;)\\]}]+"
              + "|\\b[A-Za-z]:\\\\[^\\s\"'<>|,;)\\]}]+"
              + "|(?<![\\w./~-])~?(?:/[\\w.@~+-]+)+/?)");

  private static final String SOME_PATH = "[path]";

  private Redaction() {}

  /** The text without its secrets. */
  public static String of(String text) {
    String clean = text;
    for (Pattern secret : SECRETS) {
      clean = secret.matcher(clean).replaceAll("$1" + GONE);
    }
    return clean;
  }

  /** Returns the text without its secrets and without paths and addresses of files and servers. */
  public static String withoutPaths(String text) {
    return of(PATH.matcher(text).replaceAll(SOME_PATH));
  }
}
