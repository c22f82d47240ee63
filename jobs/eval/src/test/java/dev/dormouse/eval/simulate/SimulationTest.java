package dev.dormouse.eval.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real protocol keeps its promises; every broken one is noticed. */
@Tag("slow")
class SimulationTest {
  private static final int CAMPAIGNS = 2_000;
  private static final int SEEDS = 100;
  private static final int CAMPAIGNS_A_SEED = 6;

  @BeforeAll
  static void silence() {
    Configurator.setLevel("dev.dormouse.tick", Level.OFF);
  }

  @Test
  void theRealProtocolKeepsItsPromisesThroughEveryKindOfFault() throws Exception {
    Simulation.Result result = Simulation.run(CAMPAIGNS, 1_000_000);
    assertThat(result.examples()).isEmpty();
    assertThat(result.violations()).isZero();
    assertThat(result.faultsByKind().keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Chaos.Fault.values()).map(Chaos.Fault::id).toList());
    assertThat(result.faults()).isGreaterThan(10L * CAMPAIGNS);
  }

  @Test
  void theSameSeedGivesTheSameWorld() {
    WorldResult first = new SimulatedWorld(42, 10, Protocol.REAL).run();
    WorldResult second = new SimulatedWorld(42, 10, Protocol.REAL).run();
    assertThat(first).isEqualTo(second);
    assertThat(new SimulatedWorld(43, 10, Protocol.REAL).run().digest())
        .isNotEqualTo(first.digest());
  }

  @ParameterizedTest
  @EnumSource(Mutant.class)
  void everyBrokenProtocolIsNoticed(Mutant mutant) {
    for (int seed = 0; seed < SEEDS; seed++) {
      List<String> violations =
          new SimulatedWorld(seed, CAMPAIGNS_A_SEED, mutant.protocol()).run().violations();
      if (!violations.isEmpty()) {
        return;
      }
    }
    throw new AssertionError(mutant + " went unnoticed in " + SEEDS + " worlds");
  }
}
