package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.cli.JsonOutput;
import dev.dormouse.cli.LauncherEnvironment;
import dev.dormouse.cli.text.Columns;
import dev.dormouse.eval.headline.HeadlineBench;
import dev.dormouse.eval.headline.HeadlineRequest;
import dev.dormouse.eval.headline.HeadlineRequestBuilder;
import dev.dormouse.eval.headline.HeadlineResult;
import dev.dormouse.eval.live.PythonScript;
import dev.dormouse.stats.Estimate;
import dev.dormouse.summary.Productivity;
import dev.dormouse.wiring.SparkJobs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse bench headline}. */
@Command(
    name = "headline",
    mixinStandardHelpOptions = true,
    description =
        "Improves really trained models with and without history, by TPE, at random and by hand,"
            + " with the same number of trainings, and tests what each found with fresh seeds."
            + " Takes hours; --models dnn,fm takes minutes. What --out holds is not searched again:"
            + " name another directory when Dormouse has changed.")
final class BenchHeadlineCommand implements Callable<Integer> {
  /** The families of the example's data. */
  private static final List<String> FAMILIES = List.of("movielens1m", "movielenslatest");

  /** A training takes seconds, a search minutes. */
  private static final Duration LIMIT = Duration.ofHours(6);

  @Option(
      names = "--models",
      split = ",",
      paramLabel = "M",
      defaultValue = "lr,fm,dnn,deepfm,dcn,dcnv2",
      description = "Models of the example's trainer (default: ${DEFAULT-VALUE}).")
  private List<String> models;

  @Option(
      names = "--methods",
      split = ",",
      paramLabel = "M",
      defaultValue = "dormouse,no-history,tpe,random,manual",
      description =
          "Methods; the first is the one that the others are compared with (default:"
              + " ${DEFAULT-VALUE}).")
  private List<String> methods;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Fresh seeds of each test (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = ".dormouse/bench-headline",
      description = "Directory that keeps every training (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Mixin private SearchOptions search;
  @Mixin private JsonOutput output;

  @Override
  public Integer call() {
    Path home = LauncherEnvironment.home();
    PythonScript script =
        new PythonScript(
            home.resolve("jobs/eval/peers/headline.py"),
            LauncherEnvironment.directory("DORMOUSE_PEERS_ENV"),
            LIMIT);
    if (script.environment().isEmpty() && methods.contains("tpe")) {
      throw CommandException.badInput(
          "For the method tpe, DORMOUSE_PEERS_ENV must name a Python environment with"
              + " jobs/eval/peers/requirements.txt.");
    }
    HeadlineRequest request = request(home);
    HeadlineResult result = SparkJobs.withSession(spark -> run(spark, request, script));
    if (output.isJson()) {
      output.printJsonLine(result);
    } else {
      print(output.out(), result);
    }
    return ExitCode.OK;
  }

  private HeadlineRequest request(Path home) {
    Path data = home.resolve("insights-lake/data");
    try {
      return HeadlineRequestBuilder.builder()
          .example(home.resolve("jobs/examples/ctr/campaign-fast.yaml"))
          .models(models)
          .methods(methods)
          .budget(search.budget())
          .replicates(search.replicates())
          .seeds(seeds)
          .parallel(search.parallel())
          .history(List.of(data.resolve("history"), data.resolve("dev")))
          .hidden(FAMILIES)
          .out(out.toAbsolutePath().normalize())
          .build();
    } catch (IllegalArgumentException e) {
      throw CommandException.badInput(e.getMessage() + ".");
    }
  }

  private HeadlineResult run(SparkSession spark, HeadlineRequest request, PythonScript script) {
    try {
      return new HeadlineBench(spark, request, script, output.progress()).run();
    } catch (IOException | IllegalArgumentException e) {
      throw CommandException.badInput("Cannot measure: " + e.getMessage());
    }
  }

  private static void print(PrintWriter out, HeadlineResult result) {
    out.printf(
        Locale.ROOT,
        "%d models, %d searches of each method for each, %d trainings a search. Gains are those of"
            + " the found arms over the%ndefaults on the test split with %d fresh seeds, 0 unless"
            + " the 95%% interval lies above 0; in brackets their 95%%%ninterval over models."
            + " 'By hand' counts searches that reach the final validation gain of the manual"
            + " practice. Attended minutes are those of the report: %d a touch.%n%n",
        result.models(),
        result.replicates(),
        result.trainings(),
        result.seeds(),
        Productivity.READING.toMinutes());
    String first = result.methods().get(0).name();
    Columns.print(
        out,
        List.of(
            "method",
            "confirmed gain",
            "confirmed",
            "lead over " + first,
            "as by hand",
            "after trainings",
            "hours",
            "touches",
            "attended minutes"),
        result.methods().stream().map(BenchHeadlineCommand::row).toList());
    out.println();
    for (HeadlineResult.Method other : result.methods().subList(1, result.methods().size())) {
      result
          .ratio(first, other.name())
          .ifPresent(
              ratio ->
                  out.printf(
                      Locale.ROOT,
                      "The confirmed gain of %s is %.2f times that of %s.%n",
                      first,
                      ratio,
                      other.name()));
    }
  }

  private static List<String> row(HeadlineResult.Method method) {
    return List.of(
        method.name(),
        estimate(method.confirmed()),
        String.format(Locale.ROOT, "%.0f%%", 100 * method.confirmedShare()),
        method.lead().map(BenchHeadlineCommand::estimate).orElse(""),
        number("%.0f%%", method.reached(), 100),
        number("%.1f", method.trainings(), 1),
        number("%.3f", method.hours(), 1),
        String.format(Locale.ROOT, "%.1f", method.touches()),
        String.format(Locale.ROOT, "%.0f", Productivity.READING.toMinutes() * method.touches()));
  }

  private static String estimate(Estimate estimate) {
    return String.format(
        Locale.ROOT, "%+.5f [%+.5f, %+.5f]", estimate.mean(), estimate.low(), estimate.high());
  }

  private static String number(String format, OptionalDouble number, double factor) {
    return number.isEmpty()
        ? ""
        : String.format(Locale.ROOT, format, factor * number.getAsDouble());
  }
}
