package dev.dormouse.mlflow;

import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes the text whose digest is the version of an item of the outbox. The form is frozen, as
 * {@code toString()} of the records wrote it first: logs of all versions hold such digests, and
 * with another form all that was published would be published again.
 */
final class ItemText {
  private ItemText() {}

  static String of(RunItem item) {
    return "RunItem[key="
        + item.key()
        + ", runKey="
        + item.runKey()
        + ", parentKey="
        + optional(item.parentKey(), key -> key)
        + ", name="
        + item.name()
        + ", status="
        + item.status().name()
        + ", startedAt="
        + item.startedAt()
        + ", endedAt="
        + optional(item.endedAt(), String::valueOf)
        + ", dataSet="
        + optional(item.dataSet(), ItemText::dataSet)
        + ", params="
        + of(item.params())
        + ", tags="
        + of(item.tags())
        + ", metrics="
        + list(item.metrics(), ItemText::point)
        + ", files="
        + list(item.files(), ItemText::file)
        + "]";
  }

  static String of(SortedMap<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> tag.getKey() + "=" + tag.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static <T> String list(Collection<T> values, Function<T, String> text) {
    return values.stream().map(text).collect(Collectors.joining(", ", "[", "]"));
  }

  private static <T> String optional(Optional<T> value, Function<T, String> text) {
    return value.map(it -> "Optional[" + text.apply(it) + "]").orElse("Optional.empty");
  }

  private static String dataSet(DataSetInput dataSet) {
    return "DataSetInput[name="
        + dataSet.name()
        + ", digest="
        + dataSet.digest()
        + ", source="
        + dataSet.source()
        + "]";
  }

  private static String point(RunItem.Point point) {
    return "Point[metric="
        + point.metric()
        + ", step="
        + point.step()
        + ", value="
        + point.value()
        + ", at="
        + point.at()
        + "]";
  }

  private static String file(Artifact file) {
    return "Artifact[path="
        + file.path()
        + ", from="
        + file.from().name()
        + ", detail="
        + file.detail()
        + "]";
  }
}
