package dev.dormouse.mine;

import dev.dormouse.model.Step;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;

/**
 * What the runs of one study alone show: a row of {@code study_facts}.
 *
 * @param study the study
 * @param kind the kind of the fact
 * @param metric the study's metric; of failures the way to fail
 * @param modelVariant model variant that it is about; empty: all
 * @param parameters parameters that it is about
 * @param from their values before
 * @param to their values after, or the values that it is about
 * @param numbers numbers by name; unknown ones are absent
 * @param evidence some runs that it rests on, as {@link Configurations#id()}
 */
record Fact(
    String study,
    Kind kind,
    String metric,
    String modelVariant,
    List<String> parameters,
    List<String> from,
    List<String> to,
    Map<String, Double> numbers,
    List<Long> evidence) {

  /** The kinds of facts. */
  enum Kind {
    /** The study itself; {@code to} is its data set and feature set. */
    STUDY,
    /** A step of one parameter: gain over pairs. */
    STEP,
    /** Two steps together: synergy over cells of two by two. */
    INTERACTION,
    /** Spread over seeds. */
    NOISE,
    /** Spread of one configuration over sweeps. */
    RERUN,
    /** The best results of a model variant, by number of configurations. */
    MODEL,
    /** The values of a parameter; {@code to} is the most frequent one. */
    SETTING,
    /** How often runs with one or several values failed. */
    FAILURE,
    /** The value of a numeric parameter in the best configuration. */
    BEST,
    /** How well an evaluation of the learning curve predicts the final rank; {@code to} is it. */
    CURVE;

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Decodes a row of {@code study_facts}. */
  static Fact of(Row row) {
    return new Fact(
        row.getAs("study"),
        Kind.valueOf(row.<String>getAs("fact").toUpperCase(Locale.ROOT)),
        row.getAs("metric"),
        row.getAs("model_variant"),
        row.getList(row.fieldIndex("parameters")),
        row.getList(row.fieldIndex("from_values")),
        row.getList(row.fieldIndex("to_values")),
        row.getJavaMap(row.fieldIndex("numbers")),
        row.getList(row.fieldIndex("evidence")));
  }

  /**
   * Returns a number that facts of this kind always have.
   *
   * @throws IllegalStateException if the fact does not have it
   */
  double number(String name) {
    Double number = numbers.get(name);
    if (number == null) {
      throw new IllegalStateException("Fact " + this + " has no number " + name);
    }
    return number;
  }

  /** Returns a number, or the default if the fact does not have it. */
  double number(String name, double orElse) {
    return numbers.getOrDefault(name, orElse);
  }

  /** Returns the change that a fact of kind step or interaction is about. */
  Step step() {
    return parameters.size() == 2 ? new Step.Both(step(0), step(1)) : step(0);
  }

  /** Returns the change of one of its parameters. */
  Step step(int i) {
    return Step.change(from.get(i), to.get(i));
  }

  /** Returns a number of things, rounded since it is stored as a fraction. */
  long count(String name) {
    return Math.round(number(name));
  }

  boolean has(String name) {
    return numbers.containsKey(name);
  }
}
