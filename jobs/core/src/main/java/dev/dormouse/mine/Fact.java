package dev.dormouse.mine;

import dev.dormouse.model.ParamValue;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;

/**
 * What one study says by itself: a row of {@code study_facts}.
 *
 * @param study the study
 * @param kind what sort of fact
 * @param metric the study's metric
 * @param modelVariant model variant that it is about; empty: all
 * @param parameters parameters that it is about
 * @param from their values before
 * @param to their values after, or the values that it is about
 * @param numbers numbers by name; what is not known is absent
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

  /** Sorts of facts. */
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
    /** How good a model variant's configurations are. */
    MODEL,
    /** How a parameter was set; {@code to} is the commonest value. */
    SETTING,
    /** How often runs with one or several values failed; {@code metric} says how. */
    FAILURE,
    /** Which value of a parameter was in the best configuration; {@code to} is that value. */
    BEST,
    /** How well a step of the learning curve tells the final rank; {@code to} is the step. */
    CURVE;

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

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

  /** A number that facts of this kind always have. */
  double number(String name) {
    Double number = numbers.get(name);
    if (number == null) {
      throw new IllegalStateException("Fact " + this + " has no number " + name);
    }
    return number;
  }

  double number(String name, double otherwise) {
    return numbers.getOrDefault(name, otherwise);
  }

  /**
   * How large the step is: doublings between positive numbers, 1 between anything else; of several
   * steps together the product.
   */
  double doublings() {
    double product = 1;
    for (int i = 0; i < to.size(); i++) {
      product *= doublings(from.get(i), to.get(i));
    }
    return product;
  }

  private static double doublings(String from, String to) {
    boolean scaled = from.isEmpty() && to.startsWith("x");
    OptionalDouble before = scaled ? OptionalDouble.of(1) : ParamValue.number(from);
    OptionalDouble after = ParamValue.number(scaled ? to.substring(1) : to);
    if (before.isEmpty() || after.isEmpty() || before.getAsDouble() <= 0) {
      return 1;
    }
    double ratio = after.getAsDouble() / before.getAsDouble();
    return ratio <= 0 || ratio == 1 ? 1 : Math.abs(Math.log(ratio) / Math.log(2));
  }

  long count(String name) {
    return Math.round(number(name));
  }

  boolean knows(String name) {
    return numbers.containsKey(name);
  }
}
