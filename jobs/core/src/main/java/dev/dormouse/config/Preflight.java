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
 * Checks that a campaign file names, made before anything is trained. Whether the baseline trains
 * is tried by its backend.
 */
public final class Preflight {
  private static final long GIT_SECONDS = 30;

  private Preflight() {}

  /**
   * The checks of the campaign file that need no training: {@code repo_clean} and {@code
   * data_present}.
   */
  public static List<CheckResult> check(CampaignSpec spec) {
    List<CheckResult> results = new ArrayList<>();
    for (String check : spec.guardrails().preflight()) {
      if (check.equals("repo_clean")) {
        results.add(repoClean(spec));
      } else if (check.equals("data_present")) {
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
      return new CheckResult(
          "repo_clean",
          false,
          repository + " is no git repository, or git is missing",
          "make it one, or drop repo_clean from guardrails.preflight");
    }
    boolean clean = changes.get().isBlank();
    return new CheckResult(
        "repo_clean",
        clean,
        clean
            ? "no uncommitted change in " + repository
            : "uncommitted changes: " + changes.get().strip().replace("\n", ", "),
        clean ? "" : "commit or stash them, so that every run can be traced to its code");
  }

  /** The program that the command starts, as far as the command names a file of the repository. */
  private static CheckResult trainerPresent(CampaignSpec spec) {
    Path repository = Path.of(spec.guardrails().repository());
    Optional<String> script =
        Arrays.stream(spec.training().command().split("\\s+", -1))
            .filter(word -> word.matches("[^-{].*\\.(py|sh|jar)"))
            .findFirst();
    if (script.isEmpty()) {
      return new CheckResult(
          "data_present",
          Files.isDirectory(repository),
          "working directory " + repository,
          "name an existing directory as guardrails.repository");
    }
    boolean there = Files.isRegularFile(repository.resolve(script.get()));
    return new CheckResult(
        "data_present",
        there,
        (there ? "found " : "missing ") + repository.resolve(script.get()).normalize(),
        there ? "" : "training.command is run in guardrails.repository; mend one of them");
  }

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

  /** The check {@code baseline_runs} as a result of its trial run. */
  public static CheckResult baselineRuns(Optional<Duration> runTime, String failure) {
    return runTime
        .map(
            time ->
                new CheckResult(
                    "baseline_runs", true, "trained in " + time.toMillis() / 1000.0 + " s", ""))
        .orElse(
            new CheckResult(
                "baseline_runs",
                false,
                failure,
                "run training.command by hand with a small configuration and mend what it says"));
  }
}
