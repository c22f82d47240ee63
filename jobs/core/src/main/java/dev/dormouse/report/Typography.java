package dev.dormouse.report;

import io.pebbletemplates.pebble.extension.AbstractExtension;
import io.pebbletemplates.pebble.extension.Filter;
import io.pebbletemplates.pebble.template.EvaluationContext;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.util.List;
import java.util.Map;

/** Adds the filter {@code arrows} to templates, which turns {@code 1 -> 2} into {@code 1 → 2}. */
final class Typography extends AbstractExtension {
  @Override
  public Map<String, Filter> getFilters() {
    return Map.of("arrows", new Arrows());
  }

  /** Replaces arrows; the result is escaped afterwards like any other text. */
  static String arrows(String text) {
    return text.replace(" -> ", " → ");
  }

  private static final class Arrows implements Filter {
    @Override
    public Object apply(
        Object input,
        Map<String, Object> arguments,
        PebbleTemplate self,
        EvaluationContext context,
        int lineNumber) {
      return arrows(input.toString());
    }

    @Override
    public List<String> getArgumentNames() {
      return List.of();
    }
  }
}
