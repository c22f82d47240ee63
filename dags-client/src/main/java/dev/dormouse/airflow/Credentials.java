package dev.dormouse.airflow;

import dev.dormouse.airflow.AirflowException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How to log in to Airflow. */
public sealed interface Credentials {
  /** An account; its token is fetched from {@code /auth/token}, and again when it has expired. */
  record Password(String user, String password) implements Credentials {
    @Override
    public String toString() {
      return "account " + user;
    }
  }

  /** A token that was issued for Dormouse. */
  record Token(String token) implements Credentials {
    @Override
    public String toString() {
      return "the pre-issued token";
    }
  }

  /**
   * A shell command that prints a token, run again when the token has expired: for single sign-on.
   */
  record TokenCommand(String command) implements Credentials {
    private static final Duration TIME_LIMIT = Duration.ofSeconds(60);

    /**
     * Runs the command and returns the token that it prints.
     *
     * @throws AirflowException of kind UNAUTHORIZED if the command fails, prints nothing, or
     *     exceeds its time limit
     */
    String run() {
      try {
        Process process =
            new ProcessBuilder(List.of("sh", "-c", command))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(TIME_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
          throw failed("took longer than " + TIME_LIMIT.toSeconds() + " s");
        }
        String token =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.exitValue() != 0 || token.isEmpty()) {
          throw failed("ended with exit code " + process.exitValue());
        }
        return token;
      } catch (IOException e) {
        throw failed(e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw failed("was interrupted");
      }
    }

    private static AirflowException failed(String how) {
      return new AirflowException(
          Kind.UNAUTHORIZED,
          "The command for a token of Airflow "
              + how
              + "; run it by hand as the user that runs the tick");
    }

    @Override
    public String toString() {
      return "the token of the token command";
    }
  }
}
