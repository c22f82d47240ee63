package dev.dormouse.cli;

import dev.dormouse.airflow.AirflowException;
import dev.dormouse.config.BadInputException;
import dev.dormouse.ingest.ImportException;
import dev.dormouse.io.LakeException;
import dev.dormouse.plan.ObjectiveConflictException;
import dev.dormouse.tick.CorruptLogException;
import dev.dormouse.tick.TickOvertakenException;
import dev.dormouse.tracking.MlflowException;
import dev.dormouse.training.TrainingBackendException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/**
 * Turns an exception into a message and an exit code. Prints a stack trace only for a bug of
 * Dormouse.
 */
final class ExceptionReporter {
  private ExceptionReporter() {}

  static int report(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (failure instanceof BadInputException bad) {
      bad.problems().forEach(problem -> err.println(problem));
      return ExitCode.BAD_INPUT;
    }
    if (failure instanceof MlflowException) {
      err.println("dormouse: " + failure.getMessage());
      return failure instanceof MlflowException.Unreachable
          ? ExitCode.UNREACHABLE
          : ExitCode.BAD_INPUT;
    }
    if (failure instanceof ImportException || failure instanceof ObjectiveConflictException) {
      err.println("dormouse: " + failure.getMessage());
      return ExitCode.BAD_INPUT;
    }
    if (failure instanceof LakeException || failure instanceof CorruptLogException) {
      err.println("dormouse: " + failure.getMessage());
      return ExitCode.GUARDRAIL;
    }
    if (failure instanceof AirflowException
        || failure instanceof TrainingBackendException
        || failure instanceof TickOvertakenException) {
      err.println("dormouse: " + failure.getMessage());
      return ExitCode.UNREACHABLE;
    }
    if (failure instanceof CommandException known) {
      err.println("dormouse: " + known.getMessage());
      return known.exitCode();
    }
    err.println("dormouse: this is a bug; please report it with this stack trace:");
    failure.printStackTrace(err);
    return ExitCode.BUG;
  }
}
