package dev.dormouse.hypothesize;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rationale of a language model's hypothesis, as one text and in parts.
 *
 * @param claim one sentence
 * @param mechanism why it should work
 * @param disconfirming the observation that would disprove it
 * @param nearestRun id of the nearest earlier run, if there is one
 * @param whyDifferent why this one differs from it; empty if there is none
 */
record IdeaRationale(
    String claim,
    String mechanism,
    String disconfirming,
    Optional<String> nearestRun,
    String whyDifferent) {
  private static final String WHY = " Why: ";
  private static final String DISPROVED = " It would be disproved by: ";
  private static final String NEAREST = " Nearest known: ";
  private static final String BUT = ", but ";

  private static final Pattern TEXT =
      Pattern.compile(
          "(.*?)" + WHY + "(.*?)" + DISPROVED + "(.*?)(?:" + NEAREST + "(.*?)" + BUT + "(.*))?",
          Pattern.DOTALL);

  static IdeaRationale of(Idea idea) {
    return new IdeaRationale(
        idea.claim(),
        idea.mechanism(),
        idea.disconfirming(),
        idea.nearestRun(),
        idea.nearestRun().isPresent() ? idea.whyDifferent() : "");
  }

  /** Returns the parts of a text that {@link #text} made; empty if it is another text. */
  static Optional<IdeaRationale> read(String text) {
    Matcher parts = TEXT.matcher(text);
    return parts.matches()
        ? Optional.of(
            new IdeaRationale(
                parts.group(1),
                parts.group(2),
                parts.group(3),
                Optional.ofNullable(parts.group(4)),
                Optional.ofNullable(parts.group(5)).orElse("")))
        : Optional.empty();
  }

  /** Returns the parts as one text. */
  String text() {
    return claim
        + WHY
        + mechanism
        + DISPROVED
        + disconfirming
        + nearestRun.map(run -> NEAREST + run + BUT + whyDifferent).orElse("");
  }
}
