package dev.dormouse.config;

import dev.dormouse.model.CampaignSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Makes the preflight checks of a campaign file before anything is trained. The training backend
 * runs the baseline for {@code baseline_runs}.
 */
public final class Preflight {
  static final String REPO_CLEAN = "repo_clean";
  static final String DATA_PRESENT = "data_present";
  static final String BASELINE_RUNS = "baseline_runs";

  private static final long GIT_SECONDS = 30;

  private Preflight() {}

  /**
   * Makes the checks that the campaign file names and that need no training: {@code repo_clean} and
   * {@code data_present}.
   */
  public static List<CheckResult> check(CampaignSpec spec) {
    List<CheckResult> results = new ArrayList<>();
    for (String check : spec.guardrails().preflight()) {
      if (check.equals(REPO_CLEAN)) {
        results.add(repoClean(spec));
      } else if (check.equals(DATA_PRESENT)) {
        results.add(trainerPresent(spec));
      }
    }
    return results;
  }

  private static CheckResult repoClean(CampaignSpec spec) {
    Path repository = Path.of(spec.guardrails().repository());
    List<String> command =
        new ArrayList<>(List.of("git", "-C", repository.toString(), "status", "--porcelain", "--"));
    command.addAll(spec.guardrails().allowedPaths());
    Optional<String> changes = output(command);
    if (changes.isEmpty()) {
      return CheckResult.failed(
          REPO_CLEAN,
          repository + " is no git repository, or git is missing",
          "make it one, or drop repo_clean from guardrails.preflight");
    }
    return changes.get().isBlank()
        ? CheckResult.passed(REPO_CLEAN, "no uncommitted change in " + repository)
        : CheckResult.failed(
            REPO_CLEAN,
            "uncommitted changes: " + changes.get().strip().replace("\n", ", "),
            "commit or stash them, so that every run can be traced to its code");
  }

  /** Checks the script that the command starts, or the repository if it names no script. */
  private static CheckResult trainerPresent(CampaignSpec spec) {
    Path repository = Path.of(spec.guardrails().repository());
    Optional<String> script =
        Arrays.stream(spec.training().command().split("\\s+", -1))
            .filter(word -> word.matches("[^-{].*\\.(py|sh|jar)"))
            .findFirst();
    if (script.isEmpty()) {
      return new CheckResult(
          DATA_PRESENT,
          Files.isDirectory(repository),
          "working directory " + repository,
          "name an existing directory as guardrails.repository");
    }
    Path trainer = repository.resolve(script.get());
    return Files.isRegularFile(trainer)
        ? CheckResult.passed(DATA_PRESENT, "found " + trainer.normalize())
        : CheckResult.failed(
            DATA_PRESENT,
            "missing " + trainer.normalize(),
            "training.command is run in guardrails.repository; mend one of them");
  }

  /** Returns what a command prints; empty if it fails or takes longer than 30 s. */
  private static Optional<String> output(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(false)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor(GIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0
          ? Optional.of(output)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /**
   * Returns the result of {@code baseline_runs}.
   *
   * @param runTime duration of the baseline's trial run; empty if it failed
   * @param failure why it failed
   */
  public static CheckResult baselineRuns(Optional<Duration> runTime, String failure) {
    return runTime
        .map(
            time ->
                CheckResult.passed(BASELINE_RUNS, "trained in " + time.toMillis() / 1000.0 + " s"))
        .orElse(
            CheckResult.failed(
                BASELINE_RUNS,
                failure,
                "run training.command by hand with a small configuration and mend what it says"));
  }
}
