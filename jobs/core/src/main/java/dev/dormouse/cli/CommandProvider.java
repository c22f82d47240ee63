package dev.dormouse.cli;

import java.util.List;

/**
 * Adds commands to {@code dormouse} from another jar. Providers are found by {@link
 * java.util.ServiceLoader}.
 */
public interface CommandProvider {
  /** Returns classes annotated with picocli's {@code @Command}, in the order of the help text. */
  List<Class<?>> commands();
}
