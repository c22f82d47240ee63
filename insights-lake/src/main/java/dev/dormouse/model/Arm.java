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

/**
 * One full parameterization of a model.
 *
 * @param modelVariant the model's name, e.g. {@code DCNv2}; may be empty when a study has only one
 *     model
 * @param params every other parameter by name, values in the spelling of {@link
 *     ParamValue#canonical(String)}
 */
public record Arm(String modelVariant, SortedMap<String, String> params) {
  /** The name under which the model variant appears among the parameters of a search space. */
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

  /** The arm with these parameters, {@value #MODEL} among them or not. */
  public static Arm of(Map<String, String> paramsWithModel) {
    TreeMap<String, String> params = new TreeMap<>(paramsWithModel);
    String model = params.remove(MODEL);
    return new Arm(model == null ? "" : model, params);
  }

  /** Twelve hexadecimal digits that identify the parameterization, whoever proposed it. */
  public String configId() {
    return Digests.sha256(modelVariant + "\n" + params).substring(0, 12);
  }

  /** The value of a parameter, {@value #MODEL} included; empty if it is not set. */
  public Optional<String> value(String parameter) {
    if (parameter.equals(MODEL)) {
      return modelVariant.isEmpty() ? Optional.empty() : Optional.of(modelVariant);
    }
    return Optional.ofNullable(params.get(parameter));
  }

  /** All parameters, {@value #MODEL} included if there is one. */
  public SortedMap<String, String> asMap() {
    TreeMap<String, String> all = new TreeMap<>(params);
    if (!modelVariant.isEmpty()) {
      all.put(MODEL, modelVariant);
    }
    return all;
  }

  /** This arm with one parameter set; an empty value unsets it. */
  public Arm with(String parameter, String value) {
    TreeMap<String, String> changed = new TreeMap<>(asMap());
    if (value.isEmpty()) {
      changed.remove(parameter);
    } else {
      changed.put(parameter, value);
    }
    return of(changed);
  }

  /** This arm with each change's {@code to} in place. */
  public Arm with(Collection<Change> changes) {
    Arm arm = this;
    for (Change change : changes) {
      arm = arm.with(change.parameter(), change.to());
    }
    return arm;
  }

  /** What turns {@code other} into this arm, ordered by parameter. */
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
