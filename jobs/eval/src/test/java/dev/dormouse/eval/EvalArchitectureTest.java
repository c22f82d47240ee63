package dev.dormouse.eval;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

/** The rules of docs/ARCHITECTURE.md for the module that measures the core. */
@AnalyzeClasses(
    packages = "dev.dormouse.eval",
    importOptions = ImportOption.DoNotIncludeTests.class)
class EvalArchitectureTest {
  @ArchTest
  static final ArchRule ONLY_THE_COMMAND_LINE_PRINTS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.dormouse.eval.cli..")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  @ArchTest
  static final ArchRule ONLY_THE_COMMAND_LINE_READS_THE_CLOCK =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.dormouse.eval.cli..")
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Clock.class, "systemUTC");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("dev.dormouse.eval.(*)..").should().beFreeOfCycles();
}
