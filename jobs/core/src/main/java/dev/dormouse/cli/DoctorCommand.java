package dev.dormouse.cli;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.cli.text.CheckText;
import dev.dormouse.config.CheckResult;
import dev.dormouse.config.Deployment;
import dev.dormouse.io.Checkpoints;
import dev.dormouse.io.KernelLake;
import dev.dormouse.io.LakeException;
import dev.dormouse.table.ControlEventsTable;
import dev.dormouse.table.Table;
import dev.dormouse.table.Tables;
import dev.dormouse.tick.CampaignLog;
import dev.dormouse.tick.CorruptLogException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse doctor}. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Checks the lake's tables, its event log, and the services of the deployment.")
final class DoctorCommand implements Callable<Integer> {
  private static final int TIMEOUT_MS = 2000;

  @Option(
      names = "--repair",
      description =
          "Set a damaged checkpoint of the event log aside, if every commit is there, and delete"
              + " its snapshots.")
  private boolean repair;

  @Mixin private LakeOptions lake;
  @Mixin private JsonOutput output;

  @Override
  public Integer call() {
    Deployment deployment = lake.deployment();
    KernelLake opened = LakeOptions.open(deployment);
    List<CheckResult> results = new ArrayList<>();
    results.add(tables(opened));
    CheckResult log = log(opened);
    results.add(repair && !log.ok() ? repairedLog(opened) : log);
    results.add(workDirectory(deployment));
    deployment.mlflow().ifPresent(uri -> results.add(mlflow(uri)));
    deployment.airflow().ifPresent(airflow -> results.addAll(AirflowChecks.of(airflow)));
    if (output.isJson()) {
      output.printJson(results);
    } else {
      CheckText.print(results, output.out());
    }
    return results.stream().allMatch(CheckResult::ok) ? ExitCode.OK : ExitCode.GUARDRAIL;
  }

  private static CheckResult tables(KernelLake lake) {
    List<String> missing =
        Tables.ALL.stream().filter(table -> !lake.exists(table)).map(Table::name).toList();
    return new CheckResult(
        "tables",
        missing.isEmpty(),
        missing.isEmpty()
            ? "all " + Tables.ALL.size() + " tables are there"
            : "missing: " + String.join(", ", missing),
        missing.isEmpty() ? "" : "'dormouse mine' or 'dormouse import' makes them");
  }

  private static CheckResult log(KernelLake lake) {
    try {
      Map<String, CampaignState> states = CampaignLog.readFromStart(lake).states();
      long events = states.values().stream().mapToLong(CampaignState::lastSeq).sum();
      boolean same = CampaignLog.read(lake).states().equals(states);
      return new CheckResult(
          "log",
          same,
          same
              ? events + " events of " + states.size() + " campaigns verify"
              : "its snapshot does not match its events",
          same ? "" : "run 'dormouse doctor --repair', which deletes the snapshot");
    } catch (CorruptLogException | LakeException e) {
      return new CheckResult(
          "log",
          false,
          e.getMessage(),
          "run 'dormouse doctor --repair', which mends a damaged checkpoint; else restore the"
              + " lake's control_events from a backup. Until then no tick acts on it");
    }
  }

  /** Sets aside only what the commits can rebuild, and only if all commits are there. */
  private static CheckResult repairedLog(KernelLake lake) {
    try {
      List<String> aside = Checkpoints.setAside(lake.root(), ControlEventsTable.TABLE);
      lake.cachedNames(ControlEventsTable.TABLE).stream()
          .filter(name -> name.startsWith("snapshot"))
          .forEach(name -> lake.dropCached(ControlEventsTable.TABLE, name));
      CheckResult log = log(lake);
      return new CheckResult(
          log.name(),
          log.ok(),
          log.detail() + "; " + aside.size() + " files of checkpoints were set aside",
          log.remedy());
    } catch (LakeException e) {
      return new CheckResult(
          "log", false, e.getMessage(), "restore the lake's control_events from a backup");
    }
  }

  private static CheckResult workDirectory(Deployment deployment) {
    boolean usable = !Files.exists(deployment.workDir()) || Files.isWritable(deployment.workDir());
    return new CheckResult(
        "work",
        usable,
        "run directories in " + deployment.workDir(),
        usable ? "" : "make it writable");
  }

  private static CheckResult mlflow(URI uri) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) uri.resolve("/health").toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MS);
      connection.setReadTimeout(TIMEOUT_MS);
      boolean healthy = connection.getResponseCode() == HttpURLConnection.HTTP_OK;
      return new CheckResult(
          "mlflow",
          healthy,
          uri + " answers " + connection.getResponseCode(),
          healthy ? "" : "look at its log");
    } catch (IOException e) {
      return new CheckResult(
          "mlflow",
          false,
          uri + " does not answer: " + e.getMessage(),
          "start it, or drop mlflow.uri; results wait in the lake meanwhile");
    }
  }
}
