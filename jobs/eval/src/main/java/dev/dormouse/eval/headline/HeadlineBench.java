package dev.dormouse.eval.headline;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.config.CampaignFile;
import dev.dormouse.eval.headline.HeadlineSearch.Step;
import dev.dormouse.eval.live.CampaignRun;
import dev.dormouse.eval.live.FamilyLakes;
import dev.dormouse.eval.live.InParallel;
import dev.dormouse.eval.live.PythonScript;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.RunStatus;
import dev.dormouse.stats.PairedComparison;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Improves real models by several methods with the same number of real trainings, and tests what
 * they found on another split with fresh seeds. All methods pick the arm with the best result.
 */
public final class HeadlineBench {
  static final String OURS = "dormouse";
  static final String WITHOUT_HISTORY = "no-history";
  static final String TPE = "tpe";
  static final String MANUAL = "manual";

  /** The methods: campaigns with and without past runs, and what {@code headline.py} plays. */
  static final List<String> METHODS = List.of(OURS, WITHOUT_HISTORY, TPE, "random", MANUAL);

  private final SparkSession spark;
  private final HeadlineRequest request;
  private final PythonScript script;
  private final Consumer<String> progress;

  /**
   * Prepares a benchmark.
   *
   * @param script {@code headline.py}
   * @param progress receives one line per search
   */
  public HeadlineBench(
      SparkSession spark, HeadlineRequest request, PythonScript script, Consumer<String> progress) {
    this.spark = spark;
    this.request = request;
    this.script = script;
    this.progress = progress;
  }

  /**
   * Searches and tests by all methods.
   *
   * @throws IOException if a file cannot be read or written, or a search fails
   * @throws IllegalArgumentException if the example does not have a model
   */
  public HeadlineResult run() throws IOException {
    CampaignSpec example = CampaignFile.read(request.example());
    List<String> known = example.searchSpace().parameters().get(Arm.MODEL).choices();
    if (!known.containsAll(request.models())) {
      throw new IllegalArgumentException(
          "Models are " + request.models() + "; the example has " + String.join(", ", known));
    }
    List<HeadlineCase> cases =
        request.models().stream().map(model -> new HeadlineCase(model, example)).toList();
    for (HeadlineCase one : cases) {
      Files.createDirectories(request.out().resolve("cases"));
      Files.writeString(caseFile(one), one.json());
    }
    FamilyLakes lakes = new FamilyLakes(spark, request.history(), request.out().resolve("lakes"));
    if (request.methods().stream().anyMatch(HeadlineBench::isCampaign)) {
      progress.accept("Importing and mining the history ...");
      lakes.make(request.hidden());
    }
    List<Callable<HeadlineSearch>> searches = new ArrayList<>();
    for (int replicate = 0; replicate < request.replicates(); replicate++) {
      for (HeadlineCase one : cases) {
        for (String method : request.methods()) {
          int number = replicate;
          searches.add(() -> search(lakes, one, method, number));
        }
      }
    }
    List<HeadlineSearch> searched = InParallel.all(searches, request.parallel());
    List<Callable<HeadlineResult.Tested>> tests = new ArrayList<>();
    searched.forEach(search -> tests.add(() -> test(search, example)));
    return HeadlineResult.of(request, InParallel.all(tests, request.parallel()));
  }

  private static boolean isCampaign(String method) {
    return method.equals(OURS) || method.equals(WITHOUT_HISTORY);
  }

  /** Searches, or returns what an earlier call found. */
  private HeadlineSearch search(FamilyLakes lakes, HeadlineCase one, String method, int replicate)
      throws IOException {
    String name =
        String.join(
                "-",
                method,
                one.name(),
                Integer.toString(request.budget()),
                Integer.toString(replicate))
            .toLowerCase(Locale.ROOT);
    Path file = Files.createDirectories(request.out().resolve("searches")).resolve(name + ".json");
    if (Files.exists(file)) {
      return Json.read(Files.readString(file), HeadlineSearch.class);
    }
    HeadlineSearch search =
        isCampaign(method)
            ? campaign(lakes, one, method, replicate, name)
            : played(one, method, replicate);
    Path unfinished = Files.writeString(file.resolveSibling(name + ".tmp"), Json.write(search));
    Files.move(unfinished, file);
    progress.accept(
        String.format(
            Locale.ROOT,
            "%s on %s: %+.5f on validation in %d trainings",
            method,
            one.name(),
            search.gain(),
            search.steps().size()));
    return search;
  }

  private HeadlineSearch campaign(
      FamilyLakes lakes, HeadlineCase one, String method, int replicate, String name)
      throws IOException {
    // A campaign that was cut off begins again.
    Path directory =
        Files.createTempDirectory(
            Files.createDirectories(request.out().resolve("campaigns")), name + "-");
    lakes.copy(request.hidden(), directory);
    CampaignRun run =
        CampaignRun.of(
            name, one.campaignFile(name, method.equals(OURS), request.budget()), directory);
    Files.writeString(directory.resolve("plan.json"), run.plan());
    String metric = one.example().objective().metric();
    return new HeadlineSearch(
        one.model(),
        method,
        replicate,
        // Mends of failed trainings count as trainings, too.
        run.trained().stream()
            .limit(request.budget())
            .map(attempt -> step(attempt, metric))
            .toList(),
        run.state().touches().size());
  }

  private static Step step(Attempt attempt, String metric) {
    RunOutcome outcome = attempt.outcome().orElseThrow();
    return new Step(
        outcome.status() == RunStatus.OK
            ? Optional.ofNullable(outcome.metrics().get(metric))
            : Optional.empty(),
        Duration.between(outcome.startedAt(), outcome.finishedAt()).toMillis() / 1e3,
        attempt.trial().arm().asMap());
  }

  private HeadlineSearch played(HeadlineCase one, String method, int replicate) throws IOException {
    List<Step> steps =
        script
            .run(
                List.of(
                    "play",
                    "--case",
                    caseFile(one).toString(),
                    "--work",
                    work().toString(),
                    "--method",
                    method,
                    "--budget",
                    Integer.toString(request.budget()),
                    "--replicate",
                    Integer.toString(replicate)),
                "")
            .stream()
            .map(HeadlineSearch::step)
            .toList();
    // By hand, somebody decides on each training but the baseline's; else on the search.
    int touches = method.equals(MANUAL) ? request.budget() - 1 : 1;
    return new HeadlineSearch(one.model(), method, replicate, steps, touches);
  }

  private HeadlineResult.Tested test(HeadlineSearch search, CampaignSpec example)
      throws IOException {
    HeadlineCase one = new HeadlineCase(search.model(), example);
    List<String> lines =
        script.run(
            List.of(
                "test",
                "--case",
                caseFile(one).toString(),
                "--work",
                work().toString(),
                "--seeds",
                Integer.toString(request.seeds())),
            Json.write(search.steps().get(0).arm()) + "\n" + Json.write(search.best()) + "\n");
    return new HeadlineResult.Tested(search, compared(lines.get(0), lines.get(1)));
  }

  /**
   * Compares the values of the baseline and of an arm, lists in JSON; empty if a training failed.
   */
  static Optional<PairedComparison> compared(String baseline, String arm) {
    Double[] before = Json.read(baseline, Double[].class);
    Double[] after = Json.read(arm, Double[].class);
    return Stream.of(before, after).flatMap(Arrays::stream).anyMatch(Objects::isNull)
        ? Optional.empty()
        : Optional.of(PairedComparison.of(numbers(before), numbers(after)));
  }

  private static double[] numbers(Double[] values) {
    return Arrays.stream(values).mapToDouble(value -> value).toArray();
  }

  private Path caseFile(HeadlineCase one) {
    return request.out().resolve("cases").resolve(one.name() + ".json");
  }

  private Path work() {
    return request.out().resolve("trainings");
  }
}
