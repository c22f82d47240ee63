package dev.dormouse.airflow;

import dev.dormouse.airflow.AirflowException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How to prove to Airflow who we are. */
public sealed interface Credentials {
  /** An account, whose token is asked for at {@code /auth/token}, and again when it has expired. */
  record Password(String user, String password) implements Credentials {
    @Override
    public String toString() {
      return "account " + user;
    }
  }

  /** A token that somebody issued for us. */
  record Token(String token) implements Credentials {
    @Override
    public String toString() {
      return "the pre-issued token";
    }
  }

  /**
   * A shell command that prints a token, run anew when the last one has expired: for logins of a
   * company.
   */
  record TokenCommand(String command) implements Credentials {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * A token of now.
     *
     * @throws AirflowException of kind UNAUTHORIZED if the command fails, hangs or prints nothing
     */
    String run() {
      try {
        Process process =
            new ProcessBuilder(List.of("sh", "-c", command))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
          throw failed("took longer than " + PATIENCE.toSeconds() + " s");
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
          "The command for a token of Airflow " + how + "; try it by hand as the user who ticks");
    }

    @Override
    public String toString() {
      return "the token of the token command";
    }
  }
}
