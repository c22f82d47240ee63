package dev.dormouse.config;

import dev.dormouse.model.Arm;
import dev.dormouse.model.ParamValue;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.SearchSpace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Reads the search space of a campaign file, and the baseline that has to lie in it. */
final class SearchSpaceSection {
  private SearchSpaceSection() {}

  /** Reads {@code search_space}; notes a problem if it has no parameter. */
  static SearchSpace searchSpace(YamlSection section) {
    List<Parameter> parameters = new ArrayList<>();
    for (String name : List.copyOf(section.keys())) {
      parameter(name, section.section(name)).ifPresent(parameters::add);
    }
    if (section.keys().isEmpty()) {
      section.problem("", "has no parameter; a campaign needs something to change");
    }
    return SearchSpace.of(parameters);
  }

  private static Optional<Parameter> parameter(String name, YamlSection section) {
    Parameter.Type type =
        Parameter.Type.valueOf(
            section
                .oneOf("type", "categorical", List.of("int", "float", "bool", "categorical"))
                .toUpperCase(Locale.ROOT));
    boolean log = section.flag("log", false);
    Optional<List<String>> choices = section.list("choices");
    Optional<List<String>> range = section.list("range");
    section.rejectUnknownKeys();
    if (choices.isPresent() == range.isPresent() && type != Parameter.Type.BOOL) {
      section.problem("choices", "needs either choices: [...] or range: [low, high]");
      return Optional.empty();
    }
    return range.isPresent()
        ? rangeParameter(name, type, log, range.get(), section)
        : choiceParameter(name, type, choices.orElse(List.of("false", "true")), section);
  }

  private static Optional<Parameter> choiceParameter(
      String name, Parameter.Type type, List<String> choices, YamlSection section) {
    boolean numeric = type == Parameter.Type.INT || type == Parameter.Type.FLOAT;
    for (String choice : choices) {
      OptionalDouble number = ParamValue.number(choice);
      boolean fits =
          switch (type) {
            case INT ->
                number.isPresent() && number.getAsDouble() == Math.rint(number.getAsDouble());
            case FLOAT -> number.isPresent();
            case BOOL -> List.of("true", "false").contains(ParamValue.canonical(choice));
            case CATEGORICAL -> !choice.isBlank();
          };
      if (!fits) {
        section.problem(
            "choices",
            "holds '" + choice + "', which is no " + type.name().toLowerCase(Locale.ROOT));
        return Optional.empty();
      }
    }
    if (choices.isEmpty()) {
      section.problem("choices", "is empty; name at least one value");
      return Optional.empty();
    }
    List<String> ordered =
        numeric
            ? choices.stream()
                .sorted(Comparator.comparingDouble(c -> ParamValue.number(c).getAsDouble()))
                .toList()
            : choices;
    return Optional.of(Parameter.ofChoices(name, type, ordered));
  }

  private static Optional<Parameter> rangeParameter(
      String name, Parameter.Type type, boolean log, List<String> range, YamlSection section) {
    List<OptionalDouble> ends = range.stream().map(ParamValue::number).toList();
    if (type == Parameter.Type.CATEGORICAL || type == Parameter.Type.BOOL) {
      section.problem("range", "needs type int or float");
    } else if (ends.size() != 2 || ends.stream().anyMatch(OptionalDouble::isEmpty)) {
      section.problem("range", "is " + range + "; it must be two numbers, [low, high]");
    } else if (ends.get(0).getAsDouble() >= ends.get(1).getAsDouble()) {
      section.problem("range", "is " + range + "; its first number must be below its second");
    } else if (log && ends.get(0).getAsDouble() <= 0) {
      section.problem("range", "is " + range + "; a logarithmic range must begin above 0");
    } else {
      return Optional.of(
          Parameter.ofRange(name, type, ends.get(0).getAsDouble(), ends.get(1).getAsDouble(), log));
    }
    return Optional.empty();
  }

  /** Reads {@code baseline}; notes values outside the space and parameters without a value. */
  static Arm baseline(YamlSection section, SearchSpace space, YamlSection spaceSection) {
    Map<String, String> values = new TreeMap<>();
    for (String name : List.copyOf(section.keys())) {
      section
          .value(name)
          .ifPresent(
              value -> {
                values.put(name, value);
                if (space.parameter(name).map(p -> !p.admits(value)).orElse(false)) {
                  section.problem(
                      name,
                      "is "
                          + value
                          + "; it must lie in the search space: "
                          + allowed(space.parameter(name).get()));
                }
              });
    }
    for (String name : space.parameters().keySet()) {
      if (!values.containsKey(name)) {
        spaceSection.problem(name, "has no baseline value; add it to 'baseline'");
      }
    }
    return Arm.of(values);
  }

  private static String allowed(Parameter parameter) {
    return parameter.choices().isEmpty()
        ? "["
            + ParamValue.canonical(parameter.low())
            + ", "
            + ParamValue.canonical(parameter.high())
            + "]"
        : String.join(", ", parameter.choices());
  }
}
