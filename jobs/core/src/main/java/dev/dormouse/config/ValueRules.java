package dev.dormouse.config;

import dev.dormouse.model.ParamValue;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Rules for the values of an arm's parameters in a YAML file. */
final class ValueRules {
  private static final Set<Tag> TYPES =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.TIMESTAMP);

  private ValueRules() {}

  /** Returns what is wrong with a value; empty if nothing is. */
  static Optional<String> problem(Node node) {
    if (node instanceof SequenceNode list) {
      return list.getValue().stream().flatMap(item -> problem(item).stream()).findFirst();
    }
    if (!(node instanceof ScalarNode scalar)) {
      return Optional.of("must be a value, not a mapping");
    }
    String text = scalar.getValue();
    if (scalar.getTag().equals(Tag.NULL) || text.isBlank()) {
      return Optional.of("has no value; give it one, or leave it out");
    }
    if (!TYPES.contains(scalar.getTag())) {
      return Optional.of(
          "is of type "
              + scalar.getTag().getValue()
              + "; it must be a text, a number, true or false, or a list of these");
    }
    boolean number = scalar.getTag().equals(Tag.INT) || scalar.getTag().equals(Tag.FLOAT);
    OptionalDouble read = ParamValue.number(text);
    return (number && read.isEmpty() && isNotFinite(text))
            || (read.isPresent() && !Double.isFinite(read.getAsDouble()))
        ? Optional.of("is " + text + "; it must be a finite number")
        : Optional.empty();
  }

  /** Returns whether YAML takes a text for infinity or for no number. */
  private static boolean isNotFinite(String text) {
    return text.matches("(?i)[-+]?\\.(inf|nan)");
  }
}
