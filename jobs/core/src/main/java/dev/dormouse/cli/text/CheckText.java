package dev.dormouse.cli.text;

import dev.dormouse.config.CheckResult;
import java.io.PrintWriter;
import java.util.List;

/** Formats the results of checks: one line each, with the remedy where a check failed. */
public final class CheckText {
  private CheckText() {}

  public static void print(List<CheckResult> results, PrintWriter out) {
    for (CheckResult result : results) {
      out.printf(
          "%-16s %s %s%s%n",
          result.name(),
          result.ok() ? "ok  " : "FAIL",
          result.detail(),
          result.ok() ? "" : "; " + result.remedy());
    }
    out.flush();
  }
}
