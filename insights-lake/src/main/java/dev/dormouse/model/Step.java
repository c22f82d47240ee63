package dev.dormouse.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The values that an insight is about: no value, one value, a change between two values, a change
 * by a factor, or two changes together. Tables and JSON keep a step as two texts, {@link #from()}
 * and {@link #to()}; only {@link #of} reads these texts.
 */
public sealed interface Step {
  /** The insight is about a parameter or a study as a whole. */
  record None() implements Step {
    @Override
    public String from() {
      return "";
    }

    @Override
    public String to() {
      return "";
    }
  }

  /** A value that is not compared with another one, e.g. a value with which runs fail. */
  record Value(String value) implements Step {
    @Override
    public String from() {
      return "";
    }

    @Override
    public String to() {
      return value;
    }
  }

  /** A change from one value to another. */
  record FromTo(String from, String to) implements Step {
    @Override
    public OptionalDouble ratio() {
      OptionalDouble before = ParamValue.number(from);
      OptionalDouble after = ParamValue.number(to);
      return before.isPresent() && after.isPresent() && before.getAsDouble() > 0
          ? OptionalDouble.of(after.getAsDouble() / before.getAsDouble())
          : OptionalDouble.empty();
    }
  }

  /**
   * A number multiplied by a factor, whatever the number is.
   *
   * @param factor above 0; its scale is the number of digits that are stored
   */
  record Factor(BigDecimal factor) implements Step {
    private static final String SIGN = "x";

    /** Mining rounds factors to so many digits after the point. */
    private static final int DIGITS = 2;

    /** Returns the factor in a text such as {@code x2.00}; empty if the text is not a factor. */
    private static Optional<Step> read(String text) {
      if (!text.startsWith(SIGN) || ParamValue.number(text.substring(1)).isEmpty()) {
        return Optional.empty();
      }
      Factor factor = new Factor(new BigDecimal(text.substring(1)));
      boolean isStored = factor.factor().signum() > 0 && factor.to().equals(text);
      return isStored ? Optional.of(factor) : Optional.empty();
    }

    @Override
    public String from() {
      return "";
    }

    @Override
    public String to() {
      return SIGN + factor.toPlainString();
    }

    @Override
    public OptionalDouble ratio() {
      return OptionalDouble.of(factor.doubleValue());
    }

    /** Returns whether two numbers of this ratio differ by the factor, as mining rounds it. */
    public boolean matches(double ratio) {
      return BigDecimal.valueOf(ratio).setScale(DIGITS, RoundingMode.HALF_UP).doubleValue()
          == factor.doubleValue();
    }
  }

  /** Changes of two parameters, made together. */
  record Both(Step first, Step second) implements Step {
    private static final String AND = " & ";

    /** Returns the two changes in joined texts; empty if a value itself contains the separator. */
    private static Optional<Step> read(String from, String to) {
      String[] before = from.split(AND, -1);
      String[] after = to.split(AND, -1);
      return before.length == 2 && after.length == 2
          ? Optional.of(new Both(new FromTo(before[0], after[0]), new FromTo(before[1], after[1])))
          : Optional.empty();
    }

    @Override
    public String from() {
      return first.from() + AND + second.from();
    }

    @Override
    public String to() {
      return first.to() + AND + second.to();
    }

    @Override
    public double doublings() {
      return first.doublings() * second.doublings();
    }
  }

  /** The value before, as stored; empty if there is none. */
  String from();

  /** The value after, as stored; empty if there is none. */
  String to();

  /** Returns the number after divided by the number before; empty if these are not numbers. */
  default OptionalDouble ratio() {
    return OptionalDouble.empty();
  }

  /**
   * Returns the size of the step: the number of doublings or halvings between positive numbers, 1
   * between other values; of two steps together their product.
   */
  default double doublings() {
    double ratio = ratio().orElse(1);
    return ratio <= 0 || ratio == 1 ? 1 : Math.abs(Math.log(ratio) / Math.log(2));
  }

  /** Returns the step as sentences write it, e.g. {@code 8 -> 16} or {@code x2.00}. */
  default String text() {
    return from().isEmpty() ? to() : from() + " -> " + to();
  }

  /** Returns a change between two values, or by a factor if the texts say so. */
  static Step change(String from, String to) {
    Optional<Step> factor = from.isEmpty() ? Factor.read(to) : Optional.empty();
    return factor.orElse(new FromTo(from, to));
  }

  /**
   * Reads a step from the two texts that tables keep of it. The step has the same texts again,
   * whatever they are.
   *
   * @param kind the kind of the insight, which decides what the texts mean
   */
  static Step of(Insight.Kind kind, String from, String to) {
    if (from.isEmpty() && to.isEmpty()) {
      return new None();
    }
    return switch (kind) {
      case EFFECT, CONDITION, COST, DRIFT -> change(from, to);
      case INTERACTION -> Both.read(from, to).orElse(new FromTo(from, to));
      default -> from.isEmpty() ? new Value(to) : new FromTo(from, to);
    };
  }
}
