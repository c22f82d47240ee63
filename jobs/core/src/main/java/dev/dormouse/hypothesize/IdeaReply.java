package dev.dormouse.hypothesize;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The replies that a language model is asked for. {@link IdeaSchema} derives their JSON schemas
 * from these records; the JSON names are the components' names in snake case.
 *
 * @param ideas the proposed ideas
 */
record IdeaReply(List<ProposedIdea> ideas) {
  private static final PropertyNamingStrategies.NamingBase NAMES =
      new PropertyNamingStrategies.SnakeCaseStrategy();

  /**
   * An idea as the model writes it, before it is checked.
   *
   * @param claim one sentence
   * @param mechanism why it should work
   * @param changes parameter to new value
   * @param sources labels of what it cites
   * @param gainP10 a gain that is exceeded with probability 0.9, metric units
   * @param gainP50 the median gain
   * @param gainP90 a gain that is exceeded with probability 0.1
   * @param pSuccess probability of a gain above 0
   * @param pCrash probability that the run fails
   * @param costGpuHours cost of a run
   * @param disconfirming the observation that would disprove it
   * @param nearestRun label of the nearest earlier run, or {@link IdeaSchema#NONE}
   * @param whyDifferent why this one differs from it
   */
  record ProposedIdea(
      String claim,
      String mechanism,
      Map<String, Object> changes,
      List<String> sources,
      double gainP10,
      double gainP50,
      double gainP90,
      @Limits(max = 1) double pSuccess,
      @Limits(max = 1) double pCrash,
      @Limits double costGpuHours,
      String disconfirming,
      String nearestRun,
      String whyDifferent) {
    /** The JSON names of all fields. */
    static final Set<String> FIELDS =
        Arrays.stream(ProposedIdea.class.getRecordComponents())
            .map(RecordComponent::getName)
            .map(IdeaReply::jsonName)
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * The critique of a list of ideas.
   *
   * @param verdicts at most one an idea
   */
  record Critique(List<Verdict> verdicts) {}

  /**
   * Whether an idea is feasible.
   *
   * @param number position of the idea in the question, from 0
   * @param feasible whether it can work
   * @param reason one sentence
   */
  record Verdict(@Limits int number, boolean feasible, String reason) {}

  /**
   * The comparison of two ideas.
   *
   * @param likelier {@link #FIRST} or {@link #SECOND}
   */
  record Comparison(String likelier) {
    static final String FIRST = "first";
    static final String SECOND = "second";
  }

  /** Bounds of a number in the schema; the lower one is 0. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.FIELD)
  @interface Limits {
    /** The upper bound; none by default. */
    long max() default Long.MAX_VALUE;
  }

  /** Returns the JSON name of a record component. */
  static String jsonName(String component) {
    return NAMES.translate(component);
  }
}
