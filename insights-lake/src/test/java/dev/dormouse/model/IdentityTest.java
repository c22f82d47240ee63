package dev.dormouse.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Identities are in logs, tables and trial ids: those written before must hold, whatever records
 * and components are called today.
 */
class IdentityTest {
  private static final Plan PLAN = ExamplePlans.full();
  private static final Plan WITH_BASIS = ExamplePlans.withBasis();

  /** Written by the version that hashed {@code toString()}. */
  private static final String RECORDED_BY_VERSION_1 = "47c24e8c7104fd5b";

  private static final String TEXT_OF_VERSION_1 =
      """
      Plan[campaignId=clicks, phases=[PhasePlan[phase=BASELINE, trials=2, seeds=[1, 2], cost=CostEstimate[lowMicros=1000, expectedMicros=2000, highMicros=5000, basis=12 runs of this study], purpose=How noisy is it?], PhasePlan[phase=CONFIRMATION, trials=4, seeds=[1001, 1002], cost=CostEstimate[lowMicros=4000, expectedMicros=8000, highMicros=20000, basis=12 runs of this study], purpose=Does it hold?]], \
      hypotheses=[Hypothesis[hypothesisId=h-52e8b50d34bf, source=HISTORY, claim=learning_rate: 0.001 -> 0.01 gains, rationale=it did elsewhere, arm=Arm[modelVariant=DCN, params={layers=[64,32], learning_rate=0.01}], changes=[learning_rate: 0.001 -> 0.01], evidence=[i-1, t-2], forecast=Forecast[gain=0.002, gainSd=1.5E-7, pSuccess=0.3333333333333333, pFailure=0.0, costMicros=2000], score=-1.2499999999999999E22, terms={gain=0.30000000000000004, novelty=NaN}, duplicateOf=Optional[run-7]], \
      Hypothesis[hypothesisId=h-42c2986122d7, source=LLM, claim=learning_rate: 0.001 -> 0.01 gains, rationale=it did elsewhere, arm=Arm[modelVariant=DCN, params={learning_rate=0.01}], changes=[learning_rate: 0.001 -> 0.01, layers: [64,32] -> unset], evidence=[i-1, t-2], forecast=Forecast[gain=0.002, gainSd=1.5E-7, pSuccess=0.3333333333333333, pFailure=0.0, costMicros=2000], score=-1.2499999999999999E22, terms={gain=0.30000000000000004, novelty=NaN}, duplicateOf=Optional.empty]], \
      cost=CostEstimate[lowMicros=6000, expectedMicros=12000, highMicros=30000, basis=12 runs of this study], capMicros=3000000, stopRules=[ends when the budget is spent, says "enough"
      and é€😀], notTried=[NotTried[what=dropout: 0 -> 0.5, why=likely to fail]]]\
      """;

  @Test
  void aPlanOfVersion1KeepsItsTextAndItsHash() {
    assertThat(PlanTextVersion1.of(PLAN)).isEqualTo(TEXT_OF_VERSION_1);
    assertThat(PLAN.hasHash(RECORDED_BY_VERSION_1)).isTrue();
    assertThat(PLAN.hasHash("47c24e8c7104fd5c")).isFalse();
  }

  @Test
  void aNewPlanHasAHashThatTellsItsVersion() {
    assertThat(PLAN.hash()).isEqualTo("v2-f0cee24dbde0dfe2");
    assertThat(PLAN.hasHash(PLAN.hash())).isTrue();
    assertThat(PLAN.hasHash(PLAN.hash().replace("v2-", "v3-"))).isFalse();
    assertThat(PLAN.hasHash(PLAN.hash().replace("v2-", ""))).isFalse();
  }

  @Test
  void aPlanWithoutABasisKeepsTheHashOfTheTimeBeforePlansHadOne() {
    assertThat(WITH_BASIS.hash()).isEqualTo("v2-bf4f861a98e8f123");
    assertThat(WITH_BASIS.hasHash(PLAN.hash())).isFalse();
    assertThat(WITH_BASIS.hasHash(RECORDED_BY_VERSION_1))
        .as("a basis is never added to a plan whose hash does not tell of it")
        .isFalse();
  }

  @Test
  void everyComponentOfAPlanIsInItsHash() throws ReflectiveOperationException {
    List<Object> changed = new ArrayList<>();
    variants(WITH_BASIS, changed);
    assertThat(changed).hasSizeGreaterThan(60);
    for (Object variant : changed) {
      assertThat(((Plan) variant).hash()).as("%s", variant).isNotEqualTo(WITH_BASIS.hash());
    }
  }

  /** Adds copies of a record, each with one component (or one inside it) changed. */
  private static void variants(Object record, List<Object> found)
      throws ReflectiveOperationException {
    RecordComponent[] components = record.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      components[i].getAccessor().setAccessible(true);
      values[i] = components[i].getAccessor().invoke(record);
    }
    var constructor = record.getClass().getDeclaredConstructor(types);
    constructor.setAccessible(true);
    for (int i = 0; i < components.length; i++) {
      for (Object other : others(values[i])) {
        Object[] arguments = values.clone();
        arguments[i] = other;
        found.add(constructor.newInstance(arguments));
      }
    }
  }

  private static List<Object> others(Object value) throws ReflectiveOperationException {
    List<Object> others = new ArrayList<>();
    if (value instanceof String text) {
      others.add(text + "x");
    } else if (value instanceof Integer number) {
      others.add(number + 1);
    } else if (value instanceof Long number) {
      // Costs must stay in order: 1000 <= 2000 <= 5000.
      others.add(number - 1);
    } else if (value instanceof Double number) {
      others.add(Math.nextUp(number));
    } else if (value instanceof Enum<?> constant) {
      List<?> all = List.of((Object[]) constant.getDeclaringClass().getEnumConstants());
      others.add(all.get((all.indexOf(constant) + 1) % all.size()));
    } else if (value instanceof Optional<?> optional) {
      others.add(optional.isPresent() ? Optional.empty() : Optional.of("run-8"));
      for (Object other : optional.isPresent() ? others(optional.get()) : List.of()) {
        others.add(Optional.of(other));
      }
    } else if (value instanceof SortedMap<?, ?> map) {
      TreeMap<Object, Object> fewer = new TreeMap<>();
      map.forEach(fewer::put);
      fewer.pollFirstEntry();
      others.add(fewer);
    } else if (value instanceof List<?> list) {
      others.add(list.subList(1, list.size()));
      for (int i = 0; i < list.size(); i++) {
        for (Object other : others(list.get(i))) {
          List<Object> changed = new ArrayList<>(list);
          changed.set(i, other);
          others.add(changed);
        }
      }
    } else {
      variants(value, others);
    }
    return others;
  }

  @Test
  void armsKeepTheIdsThatRunsAreStoredUnder() {
    assertThat(
            Arm.of(Map.of("model", "DCN", "learning_rate", "1e-3", "layers", "[64, 32]"))
                .configId())
        .isEqualTo("9ed04eb8b33a");
    assertThat(Arm.of(Map.of()).configId()).isEqualTo("a062dd4952b9");
    assertThat(Arm.of(Map.of("b", "x, y=2", "a", "é")).configId()).isEqualTo("682c802e6f05");
  }
}
