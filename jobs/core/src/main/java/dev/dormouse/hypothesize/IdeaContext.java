package dev.dormouse.hypothesize;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Objective;
import dev.dormouse.model.SearchSpace;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a language model is told when it is asked for ideas: beliefs and outcomes, never raw logs.
 *
 * @param campaignId whose ideas
 * @param objective what is to be improved
 * @param baseline the control arm
 * @param space what may be changed, and to what
 * @param beliefs what past runs let us believe
 * @param wins the best outcomes near to the campaign
 * @param failures the nearest failures, with their cause
 * @param siblings what is proposed already, as changes
 * @param knowledge cards and papers that may be cited
 * @param funds what is left to spend
 */
public record IdeaContext(
    String campaignId,
    Objective objective,
    Arm baseline,
    SearchSpace space,
    List<Belief> beliefs,
    List<PastOutcome> wins,
    List<PastOutcome> failures,
    List<String> siblings,
    List<Knowledge> knowledge,
    Funds funds) {
  public IdeaContext {
    beliefs = List.copyOf(beliefs);
    wins = List.copyOf(wins);
    failures = List.copyOf(failures);
    siblings = List.copyOf(siblings);
    knowledge = List.copyOf(knowledge);
  }

  /**
   * What is believed of a change, or of a model variant.
   *
   * @param id what to cite
   * @param parameter what is changed: a name of the search space, or several with {@link #AND}
   * @param from before; empty: compared with the average
   * @param to after
   * @param gain expected, metric units; of failures their rate
   * @param low lower end of its 95% interval
   * @param high upper end
   * @param pairs how many comparisons it rests on
   * @param statement the sentence
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
    /** Stands between the names of parameters that are changed together. */
    static final String AND = " and ";
  }

  /**
   * What became of an arm.
   *
   * @param id what to cite
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
   * @param id what to cite
   * @param title its title
   * @param text what it says
   */
  public record Knowledge(String id, String title, String text) {}

  /**
   * What is left to spend, and what things are measured in.
   *
   * @param noiseSd seed noise, metric units
   * @param runMicros expected cost of a run, micro-GPU-hours
   * @param capMicros what is left of the cap, micro-GPU-hours
   * @param slots how many trials validation has
   */
  public record Funds(double noiseSd, long runMicros, long capMicros, int slots) {
    public Funds {
      if (!(noiseSd > 0)) {
        throw new IllegalArgumentException("Seed noise is " + noiseSd + "; it must be above 0");
      }
    }
  }

  /** The names of what may be changed. */
  List<String> changeable() {
    if (space.arms().isEmpty()) {
      return List.copyOf(space.parameters().keySet());
    }
    Set<String> names = new TreeSet<>(baseline.asMap().keySet());
    space.arms().forEach(arm -> names.addAll(arm.asMap().keySet()));
    return List.copyOf(names);
  }
}
