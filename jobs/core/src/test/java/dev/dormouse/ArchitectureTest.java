package dev.dormouse;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of docs/ARCHITECTURE.md that a compiler does not enforce. */
@AnalyzeClasses(
    packages = "dev.dormouse",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJar.class})
class ArchitectureTest {
  /** Tests of other modules may come as a jar, which ArchUnit's own option does not know. */
  static final class NoTestJar implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  private static final String[] PLAIN = {"java..", "dev.dormouse.model.."};

  @ArchTest
  static final ArchRule THE_MODEL_SEES_ONLY_JAVA =
      classes()
          .that()
          .resideInAPackage("dev.dormouse.model..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(PLAIN);

  @ArchTest
  static final ArchRule STATISTICS_SEE_ONLY_NUMBERS_AND_DISTRIBUTIONS =
      classes()
          .that()
          .resideInAPackage("dev.dormouse.stats..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "dev.dormouse.stats..",
              "org.apache.commons.statistics..",
              "org.apache.commons.numbers..");

  @ArchTest
  static final ArchRule THE_CAMPAIGN_CORE_IS_PURE =
      classes()
          .that()
          .resideInAnyPackage("dev.dormouse.campaign..", "dev.dormouse.runbook..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "dev.dormouse.model..",
              "org.apache.commons.statistics..",
              "dev.dormouse.stats..",
              "dev.dormouse.search..",
              "dev.dormouse.runbook..",
              "dev.dormouse.campaign..");

  @ArchTest
  static final ArchRule THE_CAMPAIGN_CORE_DOES_NO_INPUT_OR_OUTPUT =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.dormouse.campaign..",
              "dev.dormouse.runbook..",
              "dev.dormouse.stats..",
              "dev.dormouse.model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.io..", "java.nio.file..", "java.net..");

  @ArchTest
  static final ArchRule THE_TICK_NEEDS_NO_SPARK =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.dormouse.campaign..",
              "dev.dormouse.runbook..",
              "dev.dormouse.tick..",
              "dev.dormouse.training..",
              "dev.dormouse.mlflow..",
              "dev.dormouse.tracking..",
              "dev.dormouse.report..",
              "dev.dormouse.summary..",
              "dev.dormouse.config..",
              "dev.dormouse.airflow..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark..");

  /** One class opens connections to MLflow: retries, limits and errors are the same everywhere. */
  @ArchTest
  static final ArchRule ONLY_THE_TRANSPORT_OPENS_CONNECTIONS_TO_MLFLOW =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.dormouse.tracking..",
              "dev.dormouse.mlflow..",
              "dev.dormouse.ingest..",
              "dev.dormouse.training..",
              "dev.dormouse.approval..")
          .and()
          .doNotHaveSimpleName("MlflowTransport")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.net.http.HttpClient")
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("org.mlflow..");

  @ArchTest
  static final ArchRule MODELS_CAN_BE_ASKED_WITHOUT_SPARK =
      noClasses()
          .that()
          .resideInAPackage("dev.dormouse.llm..")
          .and()
          .haveNameNotMatching(".*Llm(Jobs|Tasks).*")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark..");

  @ArchTest
  static final ArchRule SPENDING_ON_MODELS_IS_DECIDED_WITHOUT_INPUT_OR_OUTPUT =
      noClasses()
          .that()
          .resideInAPackage("dev.dormouse.llm..")
          .and()
          .haveNameMatching(".*(LlmLedger|RateLimit|Admission|Retries|ReplyReader).*")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.io..", "java.nio.file..", "java.nio.channels..", "java.net..");

  @ArchTest
  static final ArchRule WHAT_FACTS_TEACH_IS_DECIDED_WITHOUT_SPARK =
      noClasses()
          .that()
          .resideInAPackage("dev.dormouse.mine..")
          .and()
          .haveNameMatching(".*(Insights|Findings?|Pooling|Noise|SlicePrecision|Study|Usefulness)")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark..");

  @ArchTest
  static final ArchRule PROPOSALS_OF_A_CAMPAIGN_ARE_PURE =
      classes()
          .that()
          .resideInAPackage("dev.dormouse.search..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java.lang..",
              "java.util..",
              "dev.dormouse.model..",
              "dev.dormouse.stats..",
              "dev.dormouse.forecast..",
              "dev.dormouse.search..",
              "org.apache.commons.statistics..",
              "org.ejml..");

  @ArchTest
  static final ArchRule SUMMARIES_ARE_MADE_WITHOUT_INPUT_OR_OUTPUT =
      noClasses()
          .that()
          .resideInAPackage("dev.dormouse.summary..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.io..",
              "java.nio.file..",
              "java.net..",
              "dev.dormouse.io..",
              "dev.dormouse.tick..");

  /** What measures the core is another module, and may be left out. */
  @ArchTest
  static final ArchRule THE_CORE_HOLDS_NOTHING_THAT_MEASURES_IT =
      noClasses()
          .should()
          .resideInAnyPackage(
              "dev.dormouse.eval..",
              "dev.dormouse.bench..",
              "dev.dormouse.simulate..",
              "dev.dormouse.replay..");

  @ArchTest
  static final ArchRule ONLY_THE_TABLE_PACKAGE_BUILDS_SCHEMAS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.dormouse.table..")
          .should()
          .callConstructor(
              org.apache.spark.sql.types.StructType.class,
              org.apache.spark.sql.types.StructField[].class)
          .orShould()
          .callConstructor(io.delta.kernel.types.StructType.class);

  @ArchTest
  static final ArchRule ONLY_THE_COMMAND_LINE_PRINTS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.dormouse.cli..")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  @ArchTest
  static final ArchRule ONLY_THE_COMMAND_LINE_READS_THE_CLOCK =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.dormouse.cli..", "dev.dormouse.wiring..")
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Clock.class, "systemUTC");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("dev.dormouse.(*)..").should().beFreeOfCycles();

  @Test
  void everyPackageSaysWhatItIsFor() throws IOException {
    for (String module : List.of("../../insights-lake", "../../dags-client", ".", "../eval")) {
      try (Stream<Path> files = Files.walk(Path.of(module, "src/main/java"))) {
        List<Path> packages =
            files
                .filter(f -> f.toString().endsWith(".java"))
                .map(Path::getParent)
                .distinct()
                .toList();
        assertThat(packages)
            .isNotEmpty()
            .allSatisfy(p -> assertThat(p.resolve("package-info.java")).exists());
      }
    }
  }
}
