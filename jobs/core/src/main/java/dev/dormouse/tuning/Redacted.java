package dev.dormouse.tuning;

import dev.dormouse.hypothesize.IdeaAnswer.Proposed;
import dev.dormouse.hypothesize.IdeaContext;
import dev.dormouse.hypothesize.IdeaContext.Belief;
import dev.dormouse.hypothesize.IdeaContext.Evidence;
import dev.dormouse.hypothesize.IdeaContext.Knowledge;
import dev.dormouse.hypothesize.IdeaContext.PastOutcome;
import dev.dormouse.model.Arm;
import dev.dormouse.model.ParamValue;
import dev.dormouse.runbook.Redaction;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Takes secrets and paths out of questions and answers. */
final class Redacted {
  private Redacted() {}

  /** Returns the context with clean texts; baseline, search space and ids are as they were. */
  static IdeaContext context(IdeaContext context) {
    Evidence evidence = context.evidence();
    return new IdeaContext(
        context.campaignId(),
        context.objective(),
        context.baseline(),
        context.space(),
        new Evidence(
            evidence.beliefs().stream().map(Redacted::belief).toList(),
            evidence.wins().stream().map(Redacted::outcome).toList(),
            evidence.failures().stream().map(Redacted::outcome).toList(),
            evidence.knowledge().stream().map(Redacted::knowledge).toList()),
        texts(context.siblings()),
        context.funds());
  }

  /** Returns a hypothesis with clean texts. */
  static Proposed proposed(Proposed proposed) {
    return new Proposed(
        proposed.source(),
        proposed.arm(),
        text(proposed.claim()),
        text(proposed.rationale()),
        proposed.evidence(),
        proposed.claims());
  }

  /** Returns a text without secrets and paths. */
  static String text(String text) {
    return Redaction.withoutPaths(text);
  }

  /**
   * Returns whether a parameter of the baseline or the search space has a value that is a secret or
   * a path. It cannot be taken out without making the arms something else.
   */
  static boolean hasSecretArms(IdeaContext context) {
    Stream<Map.Entry<String, String>> ofArms =
        Stream.concat(Stream.of(context.baseline()), context.space().arms().stream())
            .map(Arm::asMap)
            .flatMap(arm -> arm.entrySet().stream());
    Stream<Map.Entry<String, String>> ofSpace =
        context.space().parameters().entrySet().stream()
            .flatMap(
                parameter ->
                    parameter.getValue().choices().stream()
                        .map(choice -> Map.entry(parameter.getKey(), choice)));
    return Stream.concat(ofArms, ofSpace)
        .anyMatch(setting -> isSecret(setting.getKey(), setting.getValue()));
  }

  private static boolean isSecret(String parameter, String value) {
    String setting = parameter + "=" + value;
    boolean isPlain =
        ParamValue.number(value).isPresent() || value.equals("true") || value.equals("false");
    return !isPlain && (!text(setting).equals(setting) || !text(value).equals(value));
  }

  private static Belief belief(Belief belief) {
    return new Belief(
        belief.id(),
        belief.parameter(),
        text(belief.from()),
        text(belief.to()),
        belief.gain(),
        belief.low(),
        belief.high(),
        belief.pairs(),
        text(belief.statement()));
  }

  private static PastOutcome outcome(PastOutcome outcome) {
    return new PastOutcome(outcome.id(), texts(outcome.changes()), text(outcome.result()));
  }

  private static Knowledge knowledge(Knowledge knowledge) {
    return new Knowledge(knowledge.id(), text(knowledge.title()), text(knowledge.text()));
  }

  private static List<String> texts(List<String> texts) {
    return texts.stream().map(Redacted::text).toList();
  }
}
