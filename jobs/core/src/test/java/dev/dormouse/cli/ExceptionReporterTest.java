package dev.dormouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.tick.TickOvertakenException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ExceptionReporterTest {
  private final StringWriter err = new StringWriter();

  @Test
  void aTickThatOthersOvertookIsToBeTriedAgainAndIsNoBug() {
    assertThat(report(new TickOvertakenException(5))).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(err)
        .hasToString(
            "dormouse: Other ticks committed 5 times in between; the next tick goes on"
                + System.lineSeparator());
  }

  @Test
  void whatNobodyExpectedIsABugWithItsStackTrace() {
    assertThat(report(new IllegalStateException("odd"))).isEqualTo(ExitCode.BUG);
    assertThat(err.toString()).contains("bug", "IllegalStateException: odd", "\tat ");
  }

  private int report(Exception failure) {
    CommandLine line = Dormouse.commandLine().setErr(new PrintWriter(err, true));
    return ExceptionReporter.report(failure, line, line.parseArgs("tick"));
  }
}
