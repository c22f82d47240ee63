package dev.dormouse.runbook;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Change;
import dev.dormouse.model.ParamValue;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.SearchSpace;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Recognises known failures, in a fixed order, and knows their remedies: the same arm again where
 * the machine is to blame, an amended arm where one is known, else the failure is the result.
 */
public final class Runbook {
  /** Largest number of attempts when the machine is to blame. */
  public static final int MOST_ATTEMPTS = 3;

  private static final int KILLED = 137;
  private static final double RANGE_DIVISOR = 10;

  private static final Pattern OUT_OF_MEMORY =
      Pattern.compile(
          "out of memory|MemoryError|RESOURCE_EXHAUSTED|OutOfMemoryError|bad_alloc|Cannot allocate memory",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern NOT_A_NUMBER =
      Pattern.compile(
          "\\b(loss|gradient)\\b.*\\b(nan|inf|infinite)\\b|\\bnan\\b.*\\bloss\\b",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern DISK_FULL =
      Pattern.compile("No space left on device", Pattern.CASE_INSENSITIVE);

  private static final List<Rule> RULES =
      List.of(
          new Rule(
              "stopped",
              RunStatus.ABANDONED,
              "it was stopped on purpose",
              s -> s.end() == Symptoms.End.STOPPED),
          new Rule(
              "time-limit",
              RunStatus.TIMEOUT,
              "it ran into its time limit",
              s -> s.end() == Symptoms.End.TIMED_OUT),
          new Rule(
              "lost",
              RunStatus.INFRA,
              "it vanished without leaving an exit code",
              s -> s.exitCode().isEmpty()),
          new Rule(
              "out-of-memory",
              RunStatus.OOM,
              "it ran out of memory",
              s -> failed(s) && OUT_OF_MEMORY.matcher(s.logTail()).find()),
          new Rule(
              "loss-not-finite",
              RunStatus.DIVERGED,
              "its loss became infinite or not a number",
              s -> failed(s) && NOT_A_NUMBER.matcher(s.logTail()).find()),
          new Rule(
              "disk-full",
              RunStatus.INFRA,
              "the disk is full",
              s -> failed(s) && DISK_FULL.matcher(s.logTail()).find()),
          new Rule(
              "killed",
              RunStatus.OOM,
              "it was killed, as the system does when memory runs out",
              s -> s.exitCode().orElse(0) == KILLED),
          new Rule(
              "signal",
              RunStatus.INFRA,
              "it was ended by a signal",
              s -> s.exitCode().orElse(0) > 128),
          new Rule("exit-code", RunStatus.FAILED, "the trainer failed", Runbook::failed),
          new Rule(
              "no-metric",
              RunStatus.FAILED,
              "it wrote no result with the objective's metric",
              s -> s.value().isEmpty()),
          new Rule(
              "metric-not-finite",
              RunStatus.DIVERGED,
              "its metric is not a number",
              s -> !Double.isFinite(s.value().getAsDouble())),
          new Rule(
              "chance-level",
              RunStatus.COLLAPSED,
              "it learnt nothing: its metric is at chance level",
              s -> s.metric().isCollapsed(s.value().getAsDouble())));

  private Runbook() {}

  private record Rule(
      String name, RunStatus status, String cause, Predicate<Symptoms> recognises) {}

  private static boolean failed(Symptoms symptoms) {
    return symptoms.exitCode().orElse(1) != 0;
  }

  /** Returns the diagnosis of the first rule that recognises the symptoms, else a success. */
  public static Diagnosis diagnose(Symptoms symptoms) {
    return RULES.stream()
        .filter(rule -> rule.recognises().test(symptoms))
        .findFirst()
        .map(
            rule ->
                new Diagnosis(
                    rule.status(),
                    rule.name(),
                    rule.cause(),
                    Redaction.of(tellingLine(rule, symptoms.logTail()))))
        .orElse(new Diagnosis(RunStatus.OK, "result", "", ""));
  }

  private static String tellingLine(Rule rule, String logTail) {
    List<String> lines =
        logTail.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    if (lines.isEmpty() || rule.status() == RunStatus.COLLAPSED) {
      return "";
    }
    return lines.stream()
        .filter(
            line ->
                OUT_OF_MEMORY.matcher(line).find()
                    || NOT_A_NUMBER.matcher(line).find()
                    || DISK_FULL.matcher(line).find())
        .findFirst()
        .orElse(lines.get(lines.size() - 1));
  }

  /**
   * Returns the remedy for a failed run.
   *
   * @param status how it ended
   * @param arm what was trained
   * @param attempt number of the attempt, from 1
   * @param space the arms that may be tried
   */
  public static Remedy remedy(RunStatus status, Arm arm, int attempt, SearchSpace space) {
    return switch (status) {
      case INFRA ->
          attempt < MOST_ATTEMPTS
              ? new Remedy.Retry("The machine is to blame: the same arm is trained again.")
              : new Remedy.GiveUp("The machine failed it " + attempt + " times.");
      case OOM ->
          lowered(arm, space, "batch_size")
              .or(() -> lowered(arm, space, "embedding_dim"))
              .orElseGet(() -> new Remedy.GiveUp("Nothing in the search space makes it smaller."));
      // Too large steps either blow the loss up or kill every unit, after which nothing is learnt.
      case DIVERGED, COLLAPSED ->
          lowered(arm, space, "learning_rate")
              .orElseGet(() -> new Remedy.GiveUp("The search space has no lower learning rate."));
      case TIMEOUT -> new Remedy.GiveUp("It is too slow for this campaign.");
      default -> new Remedy.GiveUp("No rule knows a remedy.");
    };
  }

  /** Lowers a parameter to its next lower choice, or to a tenth where it has a range. */
  private static Optional<Remedy> lowered(Arm arm, SearchSpace space, String name) {
    Optional<Parameter> parameter = space.parameter(name);
    Optional<String> now = arm.value(name);
    if (parameter.isEmpty() || now.isEmpty()) {
      return Optional.empty();
    }
    return ParamValue.number(now.get()).stream()
        .boxed()
        .flatMap(current -> lower(parameter.get(), current).stream())
        .findFirst()
        .map(value -> new Change(name, now.get(), value))
        .map(
            change ->
                new Remedy.Amend(change, "A mended arm is tried instead, with " + change + "."));
  }

  private static Optional<String> lower(Parameter parameter, double current) {
    List<String> candidates =
        parameter.choices().isEmpty()
            ? List.of(parameter.rounded(current / RANGE_DIVISOR))
            : parameter.choices();
    return candidates.stream()
        .filter(value -> ParamValue.number(value).orElse(current) < current)
        .max(Comparator.comparingDouble(value -> ParamValue.number(value).orElseThrow()));
  }
}
