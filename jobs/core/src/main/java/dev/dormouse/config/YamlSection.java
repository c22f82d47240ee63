package dev.dormouse.config;

import dev.dormouse.model.ParamValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One mapping of a YAML file. Each getter validates its value; if it is invalid, it notes a problem
 * with the line and returns a stand-in, so that reading goes on and finds the next problem.
 *
 * <p>Written on SnakeYAML's nodes: binding to records (Jackson and the like) stops at the first
 * problem and loses line numbers of values that are well-formed but wrong.
 */
final class YamlSection {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})\\s*(s|m|h)");
  private static final int NEAR = 3;

  private final String file;
  private final String path;
  private final int line;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new TreeMap<>();
  private final Set<String> known = new LinkedHashSet<>();
  private final List<Problem> problems;

  YamlSection(String file, String path, Node node, List<Problem> problems) {
    this.file = file;
    this.path = path;
    this.line = lineOf(node);
    this.problems = problems;
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        String key =
            tuple.getKeyNode() instanceof ScalarNode scalar
                ? scalar.getValue()
                : tuple.getKeyNode().toString();
        if (values.put(key, tuple.getValueNode()) != null) {
          problems.add(
              new Problem(
                  file, lineOf(tuple.getKeyNode()), pathOf(key), "is given twice; keep one"));
        }
        lines.put(key, lineOf(tuple.getKeyNode()));
      }
    } else {
      problems.add(new Problem(file, line, path, "must be a mapping of keys to values"));
    }
  }

  private static int lineOf(Node node) {
    return node.getStartMark() == null ? 0 : node.getStartMark().getLine() + 1;
  }

  private String pathOf(String key) {
    return path.isEmpty() || key.isEmpty() ? path + key : path + "." + key;
  }

  /** Notes a problem at the line of a key. */
  void problem(String key, String message) {
    problems.add(new Problem(file, lines.getOrDefault(key, line), pathOf(key), message));
  }

  Set<String> keys() {
    return values.keySet();
  }

  boolean has(String key) {
    known.add(key);
    return values.containsKey(key);
  }

  /** Returns the mapping of a key; if it is missing, notes a problem and returns an empty one. */
  YamlSection section(String key) {
    if (!has(key)) {
      problem(key, "is missing");
      return new YamlSection(
          file,
          pathOf(key),
          new MappingNode(Tag.MAP, List.of(), DumperOptions.FlowStyle.BLOCK),
          new ArrayList<>());
    }
    return new YamlSection(file, pathOf(key), values.get(key), problems);
  }

  Optional<YamlSection> optionalSection(String key) {
    return has(key) ? Optional.of(section(key)) : Optional.empty();
  }

  /** Returns whether the value of a key is a list. */
  boolean isList(String key) {
    return values.get(key) instanceof SequenceNode;
  }

  /** Returns whether the value of a key is a mapping. */
  boolean isMapping(String key) {
    return values.get(key) instanceof MappingNode;
  }

  /** Returns the items of a list, each as a mapping, numbered from 1; empty if it is no list. */
  List<YamlSection> sections(String key) {
    List<YamlSection> sections = new ArrayList<>();
    if (has(key) && values.get(key) instanceof SequenceNode sequence) {
      for (Node item : sequence.getValue()) {
        String place = pathOf(key) + "[" + (sections.size() + 1) + "]";
        sections.add(new YamlSection(file, place, item, problems));
      }
    }
    return sections;
  }

  String text(String key, String fallback) {
    return optionalText(key).orElse(fallback);
  }

  String requiredText(String key) {
    if (!has(key)) {
      problem(key, "is missing");
      return "missing";
    }
    return optionalText(key).orElse("missing");
  }

  Optional<String> optionalText(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    if (values.get(key) instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      return Optional.of(scalar.getValue());
    }
    problem(key, "must be a text, not a list, a mapping or nothing");
    return Optional.empty();
  }

  String oneOf(String key, String fallback, Collection<String> allowed) {
    String value = text(key, fallback);
    if (!allowed.contains(value)) {
      problem(key, "is '" + value + "'; it must be one of " + String.join(", ", allowed));
      return fallback;
    }
    return value;
  }

  double number(String key, OptionalDouble fallback, double low, double high) {
    if (!has(key)) {
      if (fallback.isEmpty()) {
        problem(key, "is missing");
      }
      return fallback.orElse(low);
    }
    String text = optionalText(key).orElse("");
    OptionalDouble number = ParamValue.number(text);
    if (number.isEmpty()) {
      problem(key, "is '" + text + "'; it must be a number");
    } else if (number.getAsDouble() < low || number.getAsDouble() > high) {
      problem(
          key,
          "is "
              + text
              + "; it must be "
              + (high == Double.MAX_VALUE
                  ? "at least " + ParamValue.canonical(low)
                  : "between " + ParamValue.canonical(low) + " and " + ParamValue.canonical(high)));
    } else {
      return number.getAsDouble();
    }
    return fallback.orElse(low);
  }

  int integer(String key, Optional<Integer> fallback, int low, int high) {
    double number =
        number(
            key, fallback.map(i -> OptionalDouble.of(i)).orElse(OptionalDouble.empty()), low, high);
    if (number != Math.rint(number)) {
      problem(key, "is " + ParamValue.canonical(number) + "; it must be a whole number");
    }
    return (int) number;
  }

  boolean flag(String key, boolean fallback) {
    String value = text(key, Boolean.toString(fallback));
    if (!value.equals("true") && !value.equals("false")) {
      problem(key, "is '" + value + "'; it must be true or false");
      return fallback;
    }
    return value.equals("true");
  }

  Duration duration(String key) {
    String text = requiredText(key);
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches() || matcher.group(1).matches("0+")) {
      if (values.containsKey(key)) {
        problem(key, "is '" + text + "'; it must be a time such as 90s, 10m or 2h");
      }
      return Duration.ofMinutes(1);
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  /** Returns a list of plain values; lists inside it are written as {@code [a,b]}. */
  Optional<List<String>> list(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    if (values.get(key) instanceof SequenceNode sequence) {
      List<String> items = new ArrayList<>();
      sequence.getValue().forEach(item -> items.add(plain(item)));
      return Optional.of(items);
    }
    problem(key, "must be a list, e.g. [a, b]");
    return Optional.empty();
  }

  /**
   * Returns a value that a parameter may have: a text, a finite number, true or false, or a list of
   * these, written as {@code [a,b]}.
   */
  Optional<String> value(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    Node node = values.get(key);
    Optional<String> wrong = ValueRules.problem(node);
    wrong.ifPresent(message -> problem(key, message));
    return wrong.isPresent() ? Optional.empty() : Optional.of(plain(node));
  }

  private static String plain(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue().stream()
          .map(YamlSection::plain)
          .collect(Collectors.joining(",", "[", "]"));
    }
    return node.toString();
  }

  /** Notes a problem for every key that no getter was called with. */
  void rejectUnknownKeys() {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        problem(key, "is unknown; " + suggestion(key));
      }
    }
  }

  private String suggestion(String key) {
    LevenshteinDistance distance = new LevenshteinDistance(NEAR);
    return known.stream()
        .filter(candidate -> distance.apply(key, candidate) >= 0)
        .min(Comparator.comparingInt(candidate -> distance.apply(key, candidate)))
        .map(nearest -> "did you mean '" + nearest + "'?")
        .orElse("known keys here are " + String.join(", ", known));
  }
}
