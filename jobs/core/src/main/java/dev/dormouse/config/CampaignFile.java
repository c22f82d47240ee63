package dev.dormouse.config;

import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Metric;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Objective.Direction;
import dev.dormouse.model.ParamValue;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.Phase;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.StudyKey;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads a campaign file: strictly, and reporting all problems at once. */
public final class CampaignFile {
  private static final long LARGEST_FILE = 1_000_000;
  private static final int MOST_TRIALS = 1000;
  private static final int FEWEST_PAIRS = 6;
  private static final List<String> PREFLIGHT =
      List.of("repo_clean", "data_present", "baseline_runs");
  private static final Map<Phase, Integer> DEFAULT_TRIALS =
      new EnumMap<>(
          Map.of(
              Phase.BASELINE,
              3,
              Phase.VALIDATION,
              8,
              Phase.COMBINATION,
              4,
              Phase.EXPLOITATION,
              8,
              Phase.CONFIRMATION,
              6));

  private final Path path;
  private final String file;
  private final List<Problem> problems = new ArrayList<>();

  private CampaignFile(Path path) {
    this.path = path;
    this.file = path.getFileName().toString();
  }

  /**
   * Reads a campaign file.
   *
   * @throws BadInputException with all that is wrong
   */
  public static CampaignSpec read(Path path) {
    return new CampaignFile(path).read();
  }

  private CampaignSpec read() {
    Node root = compose(content());
    YamlSection top = new YamlSection(file, "", root, problems);
    Optional<CampaignSpec> spec = spec(top);
    if (!problems.isEmpty()) {
      throw new BadInputException(
          problems.stream().distinct().sorted(Comparator.comparingInt(Problem::line)).toList());
    }
    return spec.orElseThrow(
        () -> new IllegalStateException("No campaign and no problem in " + file));
  }

  private BadInputException whole(int line, String message) {
    return new BadInputException(List.of(new Problem(file, line, "", message)));
  }

  private String content() {
    try {
      if (Files.isDirectory(path)) {
        throw whole(0, "is a directory; name a YAML file");
      }
      if (Files.size(path) > LARGEST_FILE) {
        throw whole(0, "is larger than 1 MB; a campaign file is not");
      }
      return Files.readString(path);
    } catch (NoSuchFileException e) {
      throw whole(0, "does not exist");
    } catch (MalformedInputException e) {
      throw whole(0, "is not UTF-8 text");
    } catch (IOException e) {
      throw whole(0, "cannot be read: " + e.getMessage());
    }
  }

  private Node compose(String content) {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(0);
    options.setNestingDepthLimit(10);
    try {
      Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(content));
      if (root == null) {
        throw whole(0, "is empty; see the example in the README");
      }
      return root;
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw whole(line, "is not valid YAML: " + e.getProblem());
    } catch (YAMLException e) {
      throw whole(0, "is not valid YAML: " + e.getMessage());
    }
  }

  private Optional<CampaignSpec> spec(YamlSection top) {
    String id = top.requiredText("campaign");
    if (!id.matches("[a-z0-9][a-z0-9._-]{0,62}")) {
      top.problem(
          "campaign",
          "is '"
              + id
              + "'; it must be 1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or"
              + " digit");
    }
    Objective objective = objective(top.section("objective"));
    StudyKey study = study(top.section("study"), objective);
    YamlSection spaceSection = top.section("search_space");
    SearchSpace space = searchSpace(spaceSection);
    Arm baseline = baseline(top.section("baseline"), space, spaceSection);
    CampaignSpec.Training training = training(top.section("training"));
    CampaignSpec.Budget budget = budget(top.section("budget"));
    CampaignSpec.Guardrails guardrails = guardrails(top.optionalSection("guardrails"));
    CampaignSpec.Sources sources = sources(top.optionalSection("sources"));
    Map<Phase, Integer> trials = trials(top.optionalSection("trials"));
    top.rejectUnknownKeys();
    return problems.isEmpty()
        ? Optional.of(
            new CampaignSpec(
                id,
                study,
                objective,
                baseline,
                space,
                training,
                budget,
                guardrails,
                sources,
                trials))
        : Optional.empty();
  }

  private static Objective objective(YamlSection section) {
    String metric = section.requiredText("metric");
    Direction direction = direction(section, metric);
    double minGain = section.number("min_gain", OptionalDouble.of(0), 0, Double.MAX_VALUE);
    section.rejectUnknownKeys();
    return new Objective(metric, direction, minGain);
  }

  /** Returns the stated direction, else the one that the metric's name tells. */
  private static Direction direction(YamlSection section, String metric) {
    Metric byName = Metric.named(metric);
    if (!section.has("direction") && section.has("metric") && !byName.isDirectionKnown()) {
      section.problem(
          "direction",
          "is missing, and the name '"
              + metric
              + "' does not tell it; say maximize if higher values are better, else minimize");
    }
    String text =
        section.oneOf("direction", byName.direction().id(), List.of("maximize", "minimize"));
    return Direction.fromId(text).orElseThrow();
  }

  private static StudyKey study(YamlSection section, Objective objective) {
    StudyKey study =
        new StudyKey(
            section.requiredText("dataset"),
            section.requiredText("features"),
            objective.metric(),
            StudyKey.VALIDATION);
    section.rejectUnknownKeys();
    return study;
  }

  private static SearchSpace searchSpace(YamlSection section) {
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

  private static Arm baseline(YamlSection section, SearchSpace space, YamlSection spaceSection) {
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

  private static CampaignSpec.Training training(YamlSection section) {
    String backend = section.oneOf("backend", "local", List.of("local", "airflow"));
    String command = section.requiredText("command");
    if (!command.contains("{config_file}")) {
      section.problem(
          "command", "must contain {config_file}, the place of the trial's configuration");
    }
    Duration timeout = section.duration("timeout");
    int gpus = section.integer("gpus", Optional.of(0), 0, 1024);
    section.rejectUnknownKeys();
    return new CampaignSpec.Training(backend, command, timeout, gpus);
  }

  private static CampaignSpec.Budget budget(YamlSection section) {
    double hours = section.number("gpu_hours", OptionalDouble.empty(), 0, 1e9);
    if (hours <= 0 && section.has("gpu_hours")) {
      section.problem("gpu_hours", "must be above 0");
    }
    double usd = section.number("llm_usd", OptionalDouble.of(0), 0, 1e6);
    int parallel = section.integer("max_parallel", Optional.of(1), 1, 10_000);
    section.rejectUnknownKeys();
    return new CampaignSpec.Budget(GpuHours.micros(hours), usd, parallel);
  }

  private CampaignSpec.Guardrails guardrails(Optional<YamlSection> section) {
    String repository = section.map(s -> s.text("repository", ".")).orElse(".");
    List<String> paths = section.flatMap(s -> s.list("allowed_paths")).orElse(List.of());
    List<String> preflight = section.flatMap(s -> s.list("preflight")).orElse(PREFLIGHT);
    section.ifPresent(
        s -> {
          preflight.stream()
              .filter(check -> !PREFLIGHT.contains(check))
              .forEach(
                  check ->
                      s.problem(
                          "preflight",
                          "names '"
                              + check
                              + "'; known checks are "
                              + String.join(", ", PREFLIGHT)));
          s.rejectUnknownKeys();
        });
    Path directory = path.toAbsolutePath().getParent();
    return new CampaignSpec.Guardrails(
        directory.resolve(repository).normalize().toString(), paths, preflight);
  }

  private static CampaignSpec.Sources sources(Optional<YamlSection> section) {
    if (section.isEmpty()) {
      return new CampaignSpec.Sources(true, true, CampaignSpec.LlmUse.AUTO);
    }
    YamlSection given = section.get();
    CampaignSpec.Sources sources =
        new CampaignSpec.Sources(
            given.flag("history", true), given.flag("research", true), llmUse(given));
    given.rejectUnknownKeys();
    return sources;
  }

  private static CampaignSpec.LlmUse llmUse(YamlSection section) {
    Map<String, CampaignSpec.LlmUse> byId = new LinkedHashMap<>();
    for (CampaignSpec.LlmUse use : CampaignSpec.LlmUse.values()) {
      byId.put(use.id(), use);
    }
    return byId.get(section.oneOf("llm", CampaignSpec.LlmUse.AUTO.id(), byId.keySet()));
  }

  private static Map<Phase, Integer> trials(Optional<YamlSection> section) {
    Map<Phase, Integer> trials = new EnumMap<>(DEFAULT_TRIALS);
    section.ifPresent(
        given -> {
          for (Phase phase : Phase.values()) {
            int fewest = phase == Phase.BASELINE ? 1 : 0;
            trials.put(
                phase,
                given.integer(
                    phase.id(), Optional.of(DEFAULT_TRIALS.get(phase)), fewest, MOST_TRIALS));
          }
          int pairs = trials.get(Phase.CONFIRMATION);
          if (pairs > 0 && pairs < FEWEST_PAIRS) {
            given.problem(
                "confirmation",
                "is "
                    + pairs
                    + "; it must be 0 or at least "
                    + FEWEST_PAIRS
                    + ", since a two-sided sign-flip test needs so many pairs");
          }
          given.rejectUnknownKeys();
        });
    return trials;
  }
}
