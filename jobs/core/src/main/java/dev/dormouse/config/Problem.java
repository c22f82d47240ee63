package dev.dormouse.config;

/**
 * A problem of a file.
 *
 * @param file name of the file
 * @param line line number from 1; 0 if the whole file is concerned
 * @param key key with its parents, e.g. {@code budget.gpu_hours}; empty if no key is concerned
 * @param message what is wrong and what would be right
 */
public record Problem(String file, int line, String key, String message) {
  @Override
  public String toString() {
    return file + (line > 0 ? ":" + line : "") + ": " + (key.isEmpty() ? "" : key + ": ") + message;
  }
}
