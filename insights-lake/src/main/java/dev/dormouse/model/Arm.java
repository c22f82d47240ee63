package dev.dormouse.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One full parameterization of a model.
 *
 * @param modelVariant the model's name, e.g. {@code DCNv2}; may be empty when a study has only one
 *     model
 * @param params every other parameter by name, values in the spelling of {@link
 *     ParamValue#canonical(String)}
 */
public record Arm(String modelVariant, SortedMap<String, String> params) {
  /** Name of the model variant among the parameters of a search space. */
  public static final String MODEL = "model";

  public Arm {
    Objects.requireNonNull(modelVariant, "modelVariant");
    TreeMap<String, String> canonical = new TreeMap<>();
    params.forEach((name, value) -> canonical.put(name, ParamValue.canonical(value)));
    if (canonical.containsKey(MODEL)) {
      throw new IllegalArgumentException(
          "The model variant is not a parameter of an arm: use Arm.of");
    }
    params = Collections.unmodifiableSortedMap(canonical);
  }

  /** Returns the arm with these parameters; {@value #MODEL}, if present, is its model variant. */
  public static Arm of(Map<String, String> paramsWithModel) {
    TreeMap<String, String> params = new TreeMap<>(paramsWithModel);
    String model = params.remove(MODEL);
    return new Arm(model == null ? "" : model, params);
  }

  /**
   * Returns twelve hexadecimal digits that identify the parameterization.
   *
   * <p>The hashed text is version 1 and frozen: runs, hypotheses and trial ids of all lakes hold
   * such ids, and an arm's history would be split if old and new runs of it had different ones.
   */
  public String configId() {
    return Digests.sha256(modelVariant + "\n" + textVersion1(params)).substring(0, 12);
  }

  /** Returns {@code {a=1, b=2}}, as the text of a sorted map in the hashes of version 1. */
  static String textVersion1(SortedMap<String, ?> map) {
    return map.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /** Returns the value of a parameter or of {@value #MODEL}; empty if it is not set. */
  public Optional<String> value(String parameter) {
    if (parameter.equals(MODEL)) {
      return modelVariant.isEmpty() ? Optional.empty() : Optional.of(modelVariant);
    }
    return Optional.ofNullable(params.get(parameter));
  }

  /** Returns all parameters, with {@value #MODEL} if there is a model variant. */
  public SortedMap<String, String> asMap() {
    TreeMap<String, String> all = new TreeMap<>(params);
    if (!modelVariant.isEmpty()) {
      all.put(MODEL, modelVariant);
    }
    return all;
  }

  /** Returns this arm with one parameter set; an empty value unsets it. */
  public Arm with(String parameter, String value) {
    TreeMap<String, String> changed = new TreeMap<>(asMap());
    if (value.isEmpty()) {
      changed.remove(parameter);
    } else {
      changed.put(parameter, value);
    }
    return of(changed);
  }

  /** Returns this arm with each change's {@code to} set. */
  public Arm with(Collection<Change> changes) {
    Arm arm = this;
    for (Change change : changes) {
      arm = arm.with(change.parameter(), change.to());
    }
    return arm;
  }

  /** Returns the changes that turn {@code other} into this arm, ordered by parameter. */
  public List<Change> changesFrom(Arm other) {
    SortedMap<String, String> mine = asMap();
    SortedMap<String, String> theirs = other.asMap();
    SortedSet<String> names = new TreeSet<>(mine.keySet());
    names.addAll(theirs.keySet());
    List<Change> changes = new ArrayList<>();
    for (String name : names) {
      String from = theirs.getOrDefault(name, "");
      String to = mine.getOrDefault(name, "");
      if (!from.equals(to)) {
        changes.add(new Change(name, from, to));
      }
    }
    return List.copyOf(changes);
  }
}
