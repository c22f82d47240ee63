package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.cli.JsonOutput;
import dev.dormouse.cli.LauncherEnvironment;
import dev.dormouse.cli.ScratchDirectory;
import dev.dormouse.eval.live.LiveBench;
import dev.dormouse.eval.live.LiveRequest;
import dev.dormouse.eval.live.LiveRequestBuilder;
import dev.dormouse.eval.live.SurfaceScript;
import dev.dormouse.eval.replay.ComparedRegret;
import dev.dormouse.wiring.SparkJobs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse bench live}. */
@Command(
    name = "live",
    mixinStandardHelpOptions = true,
    description =
        "Runs real campaigns on response surfaces of published results, and compares their regret"
            + " with that of other optimizers from the same baselines.")
final class BenchLiveCommand implements Callable<Integer> {
  private static final List<String> WITH_ENVIRONMENT = List.of("tpe", "smac");
  private static final String RANDOM = "random";

  @Option(
      names = "--tasks",
      paramLabel = "FILE",
      description = "Parquet file of known results to fit surfaces to (default: the shipped one).")
  private Optional<Path> tasks;

  @Option(
      names = "--history",
      arity = "1..*",
      paramLabel = "DIR",
      description =
          "Directories with past runs; those of a task's own family are hidden (default: the"
              + " shipped ones).")
  private List<Path> history = List.of();

  @Option(
      names = "--surfaces",
      paramLabel = "DIR",
      description = "Surfaces that surfaces.py fitted before, instead of --tasks.")
  private Optional<Path> surfaces;

  @Option(names = "--task", paramLabel = "T", description = "Search only on this task's surface.")
  private Optional<String> task;

  @Option(
      names = "--methods",
      split = ",",
      paramLabel = "M",
      description =
          "Methods, of dormouse, random, tpe, smac; the first is the one that the others are"
              + " compared with (default: all that the Python environment allows).")
  private List<String> methods = List.of();

  @Option(
      names = "--lakes",
      paramLabel = "DIR",
      description =
          "Directory that keeps the mined lakes, which a next call uses again; name another one when"
              + " the history or the mining has changed (default: a temporary one).")
  private Optional<Path> lakes;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = ".dormouse/bench-live",
      description = "Directory for surfaces, plans and trainings (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Mixin private SearchOptions search;
  @Mixin private JsonOutput output;

  @Override
  public Integer call() throws IOException {
    SurfaceScript script =
        new SurfaceScript(
            LauncherEnvironment.home().resolve("jobs/eval/peers/surfaces.py"),
            LauncherEnvironment.directory("DORMOUSE_PEERS_ENV"));
    List<String> chosen = methods(script);
    try (ScratchDirectory scratch = ScratchDirectory.create()) {
      LiveBench.Result result =
          SparkJobs.withSession(spark -> run(spark, request(chosen), script, scratch.path()));
      if (output.isJson()) {
        output.printJsonLine(result);
      } else {
        print(output.out(), result, chosen.get(0));
      }
    }
    return ExitCode.OK;
  }

  private List<String> methods(SurfaceScript script) {
    if (!script.hasEnvironment()
        && (surfaces.isEmpty() || methods.stream().anyMatch(WITH_ENVIRONMENT::contains))) {
      throw CommandException.badInput(
          "To fit surfaces, and for the methods "
              + String.join(" and ", WITH_ENVIRONMENT)
              + ", DORMOUSE_PEERS_ENV must name a Python environment with"
              + " jobs/eval/peers/requirements.txt. Without it, name fitted --surfaces and --methods "
              + LiveBench.OURS
              + ","
              + RANDOM
              + ".");
    }
    if (!methods.isEmpty()) {
      return methods;
    }
    return script.hasEnvironment()
        ? List.of(LiveBench.OURS, RANDOM, "tpe", "smac")
        : List.of(LiveBench.OURS, RANDOM);
  }

  private LiveRequest request(List<String> chosen) {
    Path data = LauncherEnvironment.home().resolve("insights-lake/data");
    try {
      return LiveRequestBuilder.builder()
          .tasks(tasks.orElse(data.resolve("replay/ctr_configs.parquet")))
          .surfaces(surfaces)
          .history(
              history.isEmpty() ? List.of(data.resolve("history"), data.resolve("dev")) : history)
          .task(task)
          .methods(chosen)
          .budget(search.budget())
          .replicates(search.replicates())
          .parallel(search.parallel())
          .lakes(lakes)
          .out(out)
          .build();
    } catch (IllegalArgumentException e) {
      throw CommandException.badInput(e.getMessage() + ".");
    }
  }

  private LiveBench.Result run(
      SparkSession spark, LiveRequest request, SurfaceScript script, Path scratch) {
    try {
      return new LiveBench(spark, request, script, scratch, output.progress()).run();
    } catch (IOException | IllegalArgumentException e) {
      throw CommandException.badInput("Cannot search: " + e.getMessage());
    }
  }

  private static void print(PrintWriter out, LiveBench.Result result, String reference) {
    out.printf(
        Locale.ROOT,
        "Mean normalised regret of %d searches on %d surfaces of %d families (0: the highest point,"
            + " 1: the%nbaseline); in brackets by how much a method is behind %s, with its 95%%"
            + " interval over families.%n%n",
        result.searches(),
        result.tasks(),
        result.families(),
        reference);
    RegretText.print(out, result.methods());
    out.println();
    for (ComparedRegret one : result.methods()) {
      int last = one.regret().size() - 1;
      one.ofTasks().entrySet().stream()
          .max((a, b) -> Double.compare(a.getValue().get(last), b.getValue().get(last)))
          .ifPresent(
              worst ->
                  out.printf(
                      Locale.ROOT,
                      "%s ends worst on %s: %.3f%n",
                      one.name(),
                      worst.getKey(),
                      worst.getValue().get(last)));
    }
    if (result.tickSeconds() > 0) {
      out.printf(
          Locale.ROOT,
          "A campaign takes %.1f s to plan and %.1f s from its first tick to its end.%n",
          result.planSeconds(),
          result.tickSeconds());
    }
  }
}
