package dev.dormouse.config;

/**
 * Something wrong with a file.
 *
 * @param file the file
 * @param line from 1; 0 if it concerns the whole file
 * @param key the key, with its parents, e.g. {@code budget.gpu_hours}; empty if it concerns none
 * @param message what is wrong and what would be right
 */
public record Problem(String file, int line, String key, String message) {
  @Override
  public String toString() {
    return file + (line > 0 ? ":" + line : "") + ": " + (key.isEmpty() ? "" : key + ": ") + message;
  }
}
