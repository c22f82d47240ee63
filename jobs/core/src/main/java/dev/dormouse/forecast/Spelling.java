package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
import dev.dormouse.model.ParamValue;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** One spelling of arms for the comparison of studies. */
final class Spelling {
  private static final Pattern PUNCTUATION = Pattern.compile("[^a-z0-9+]");

  private Spelling() {}

  /** Returns the arm with words in lower case and names of models without punctuation. */
  static Arm plain(Arm arm) {
    TreeMap<String, String> params = new TreeMap<>();
    arm.params()
        .forEach(
            (name, value) ->
                params.put(
                    name,
                    ParamValue.number(value).isPresent() ? value : value.toLowerCase(Locale.ROOT)));
    return new Arm(plain(arm.modelVariant()), params);
  }

  /** Returns the name of a model variant in lower case and without punctuation. */
  static String plain(String modelVariant) {
    String lower = modelVariant.toLowerCase(Locale.ROOT);
    String letters = PUNCTUATION.matcher(lower).replaceAll("");
    return letters.isEmpty() ? lower : letters;
  }
}
