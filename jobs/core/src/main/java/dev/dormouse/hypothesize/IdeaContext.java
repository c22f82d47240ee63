package dev.dormouse.hypothesize;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Objective;
import dev.dormouse.model.SearchSpace;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The context of a request for ideas to a language model: beliefs and outcomes, never raw logs.
 *
 * @param campaignId the campaign
 * @param objective what to improve
 * @param baseline the control arm
 * @param space the parameters that may be changed, with their allowed values
 * @param evidence what may be cited
 * @param siblings the hypotheses of other sources, as changes
 * @param funds the remaining budget
 */
public record IdeaContext(
    String campaignId,
    Objective objective,
    Arm baseline,
    SearchSpace space,
    Evidence evidence,
    List<String> siblings,
    Funds funds) {
  public IdeaContext {
    siblings = List.copyOf(siblings);
  }

  /**
   * The sources that an idea may cite.
   *
   * @param beliefs mined insights
   * @param wins the best outcomes near to the campaign
   * @param failures the nearest failures, with their cause
   * @param knowledge cards and papers
   */
  public record Evidence(
      List<Belief> beliefs,
      List<PastOutcome> wins,
      List<PastOutcome> failures,
      List<Knowledge> knowledge) {
    public Evidence {
      beliefs = List.copyOf(beliefs);
      wins = List.copyOf(wins);
      failures = List.copyOf(failures);
      knowledge = List.copyOf(knowledge);
    }
  }

  /**
   * A mined effect of a change, or of a model variant.
   *
   * @param id id to cite
   * @param parameter the changed parameter of the search space, or several joined by {@link #AND}
   * @param from the value before; empty: compared with the average
   * @param to the value after
   * @param gain expected gain, metric units; for failures their rate
   * @param low lower end of the gain's 95% interval
   * @param high upper end of the interval
   * @param pairs number of comparisons
   * @param statement the insight's sentence
   */
  public record Belief(
      String id,
      String parameter,
      String from,
      String to,
      double gain,
      double low,
      double high,
      long pairs,
      String statement) {
    /** Joins the names of parameters that are changed together. */
    static final String AND = " and ";
  }

  /**
   * The outcome of an arm.
   *
   * @param id id of the run, to cite
   * @param changes against the baseline, as sentences
   * @param result its gain in metric units, or why it failed
   */
  public record PastOutcome(String id, List<String> changes, String result) {
    public PastOutcome {
      changes = List.copyOf(changes);
    }
  }

  /**
   * A card or paper.
   *
   * @param id id to cite
   * @param title its title
   * @param text its content
   */
  public record Knowledge(String id, String title, String text) {}

  /**
   * The remaining budget and the noise.
   *
   * @param noiseSd seed noise, metric units
   * @param runMicros expected cost of a run, micro-GPU-hours
   * @param capMicros rest of the cap, micro-GPU-hours
   * @param slots number of trials of validation
   */
  public record Funds(double noiseSd, long runMicros, long capMicros, int slots) {
    public Funds {
      if (!(noiseSd > 0)) {
        throw new IllegalArgumentException("Seed noise is " + noiseSd + "; it must be above 0");
      }
    }
  }

  /** Returns the names of the parameters that may be changed. */
  List<String> changeable() {
    if (space.arms().isEmpty()) {
      return List.copyOf(space.parameters().keySet());
    }
    Set<String> names = new TreeSet<>(baseline.asMap().keySet());
    space.arms().forEach(arm -> names.addAll(arm.asMap().keySet()));
    return List.copyOf(names);
  }
}
