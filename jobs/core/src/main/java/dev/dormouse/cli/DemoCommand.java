package dev.dormouse.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.dormouse.config.CampaignFile;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.summary.CampaignSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse demo}: the whole flow, see {@link DemoStory}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Runs the whole flow: imports real history, plans a campaign, trains small models by ticks,"
            + " publishes to MLflow and writes a report.")
final class DemoCommand implements Callable<Integer> {
  private static final Path EXAMPLE = Path.of("jobs", "examples", "ctr");

  @Option(names = "--fast", description = "Run a smaller campaign: under two minutes.")
  private boolean fast;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Directory of the demo's lake, runs and report; emptied first (default: .dormouse/demo).")
  private Optional<Path> directory;

  @Mixin private JsonOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path home = LauncherEnvironment.home();
    Path target =
        directory.orElse(LauncherEnvironment.state().resolve("demo")).toAbsolutePath().normalize();
    CampaignSpec campaign =
        CampaignFile.read(
            home.resolve(EXAMPLE).resolve(fast ? "campaign-fast.yaml" : "campaign.yaml"));
    Path python =
        LauncherEnvironment.python()
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.UNREACHABLE,
                        "The demo trains with Python, and no environment could be made; install"
                            + " Python 3.11 with venv and pip, then run it again."));
    DemoDirectory.prepare(target);
    PrintWriter screen = output.isJson() ? output.err() : output.out();
    DemoStory.Ending ending =
        new DemoStory(new DemoServices(home, target, python), campaign, screen).run();
    if (output.isJson()) {
      output.printJsonLine(ResultJson.of(ending));
    }
    return ending.state().verdict().isPresent() ? ExitCode.OK : ExitCode.BUDGET_REACHED;
  }

  /** What {@code --json} prints, which other programs read. */
  private record ResultJson(
      @JsonUnwrapped CampaignSummary campaign,
      int ticks,
      String lake,
      String report,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<URI> mlflow) {
    static ResultJson of(DemoStory.Ending ending) {
      return new ResultJson(
          CampaignSummary.of(ending.state()),
          ending.ticks(),
          ending.lake().toString(),
          ending.report().toString(),
          ending.mlflow());
    }
  }
}
