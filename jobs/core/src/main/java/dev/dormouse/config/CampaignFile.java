package dev.dormouse.config;

import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Metric;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Objective.Direction;
import dev.dormouse.model.Phase;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.StudyKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Reads campaign files strictly, and reports all problems of a file at once. */
public final class CampaignFile {
  private static final int MOST_TRIALS = 1000;
  private static final int FEWEST_PAIRS = 6;
  private static final List<String> PREFLIGHT =
      List.of(Preflight.REPO_CLEAN, Preflight.DATA_PRESENT, Preflight.BASELINE_RUNS);
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
   * @throws BadInputException with all problems of the file
   */
  public static CampaignSpec read(Path path) {
    return new CampaignFile(path).read();
  }

  private CampaignSpec read() {
    YamlSection top = new YamlSection(file, "", YamlFile.parse(path), problems);
    Optional<CampaignSpec> spec = spec(top);
    if (!problems.isEmpty()) {
      throw new BadInputException(
          problems.stream().distinct().sorted(Comparator.comparingInt(Problem::line)).toList());
    }
    return spec.orElseThrow(
        () -> new IllegalStateException("No campaign and no problem in " + file));
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
    boolean listed = ArmsSection.isIn(spaceSection);
    SearchSpace dimensions =
        listed ? SearchSpace.of(List.of()) : SearchSpaceSection.searchSpace(spaceSection);
    Arm baseline = SearchSpaceSection.baseline(top.section("baseline"), dimensions, spaceSection);
    SearchSpace space = listed ? ArmsSection.searchSpace(spaceSection, baseline) : dimensions;
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
