package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
import dev.dormouse.model.ParamValue;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The words that past runs gave to parameters, such as the name of an optimizer. A number between
 * tried numbers is no surprise, a word that nobody tried is one.
 */
final class TriedWords {
  private final Set<Map.Entry<String, String>> tried = new HashSet<>();

  /**
   * @param arms arms of past runs, in one spelling
   */
  TriedWords(Collection<Arm> arms) {
    arms.forEach(arm -> arm.params().forEach((name, value) -> tried.add(Map.entry(name, value))));
  }

  /**
   * Returns how many words of an arm no past run tried, those of the baseline and the model variant
   * left out. Layer sizes count as numbers.
   */
  int untried(Arm arm, Arm baseline) {
    return (int)
        arm.params().entrySet().stream()
            .filter(param -> isWord(param.getValue()))
            .filter(
                param -> !Objects.equals(baseline.params().get(param.getKey()), param.getValue()))
            .filter(param -> !tried.contains(Map.entry(param.getKey(), param.getValue())))
            .count();
  }

  private static boolean isWord(String value) {
    return ParamValue.number(value).isEmpty() && !value.startsWith("[");
  }
}
