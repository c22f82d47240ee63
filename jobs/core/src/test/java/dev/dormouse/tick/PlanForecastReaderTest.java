package dev.dormouse.tick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.io.KernelLake;
import dev.dormouse.io.LakeException;
import dev.dormouse.io.TableStore;
import dev.dormouse.model.ArmForecast;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.Plan;
import dev.dormouse.table.PlanForecastsTable;
import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanForecastReaderTest {
  private static final Table TABLE = PlanForecastsTable.TABLE;
  private static final ArmForecasts FORECASTS = forecasts(0.002);
  private static final ArmForecasts OTHERS = forecasts(0.003);

  @TempDir Path dir;
  private KernelLake lake;
  private PlanForecastReader reader;

  @BeforeEach
  void create() {
    lake = KernelLake.at(dir);
    reader = new PlanForecastReader(lake);
  }

  private static ArmForecasts forecasts(double gain) {
    return new ArmForecasts(
        0.5,
        0.01,
        List.of(
            new ArmForecast(
                ExampleCampaign.BASELINE.with("embedding_dim", "32"), gain, 0.05, 2_000)),
        List.of());
  }

  private static Plan on(ArmForecasts forecasts) {
    return ExampleCampaign.plan(ExampleCampaign.spec(), forecasts);
  }

  private void write(ArmForecasts forecasts) {
    lake.create(TABLE);
    lake.append(TABLE, PlanForecastsTable.encode("example", forecasts));
  }

  @Test
  void eachPlanGetsTheForecastsThatItRestsOn() {
    write(FORECASTS);
    write(OTHERS);

    assertThat(reader.of(on(FORECASTS))).contains(FORECASTS);
    assertThat(reader.of(on(OTHERS))).contains(OTHERS);
  }

  @Test
  void aPlanThatRestsOnNoneNeedsNoTable() {
    assertThat(reader.of(ExampleCampaign.plan(ExampleCampaign.spec()))).isEmpty();
  }

  @Test
  void aSearchSpaceWithNothingToTryHasNoForecasts() {
    lake.create(TABLE);
    ArmForecasts none = new ArmForecasts(0, 0.01, List.of(), List.of());
    lake.append(TABLE, PlanForecastsTable.encode("example", none));
    Plan empty =
        new Plan(
            "example",
            List.of(),
            List.of(),
            on(none).cost(),
            1,
            List.of(),
            List.of(),
            on(none).basis());

    assertThat(reader.of(empty)).isEmpty();
    assertThatThrownBy(() -> reader.of(on(none))).isInstanceOf(LakeException.class);
  }

  @Test
  void theLakeIsAskedOnceForEachHash() {
    write(FORECASTS);
    List<String> asked = new ArrayList<>();
    TableStore counting =
        (TableStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {TableStore.class},
                (proxy, method, arguments) -> {
                  asked.add(method.getName());
                  return method.invoke(lake, arguments);
                });
    PlanForecastReader cached = new PlanForecastReader(counting);

    assertThat(cached.of(on(FORECASTS))).isEqualTo(cached.of(on(FORECASTS)));
    assertThat(asked).containsExactly("readWhere");
  }

  @Test
  void forecastsThatAreMissingAreNamedAndReadOnceTheyAreThere() {
    assertThatThrownBy(() -> reader.of(on(FORECASTS)))
        .isInstanceOf(LakeException.class)
        .hasMessage(
            "Table plan_forecasts does not hold the forecasts "
                + FORECASTS.hash()
                + ", on which the plan rests; restore the table, or halt the campaign and plan a"
                + " new one");

    write(FORECASTS);
    assertThat(reader.of(on(FORECASTS))).contains(FORECASTS);
  }

  @Test
  void forecastsThatWereChangedAreRefused() {
    lake.create(TABLE);
    lake.append(
        TABLE,
        PlanForecastsTable.encode("example", OTHERS).stream()
            .map(PlanForecastReaderTest::underAnotherHash)
            .toList());

    assertThatThrownBy(() -> reader.of(on(FORECASTS)))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("was changed")
        .hasMessageContaining(FORECASTS.hash())
        .hasMessageContaining(OTHERS.hash());
  }

  private static TableRow underAnotherHash(TableRow row) {
    TableRow.Builder changed = TableRow.of(TABLE);
    TABLE.columns().forEach(column -> changed.set(column.name(), row.raw(column.name())));
    return changed.set("forecasts_hash", FORECASTS.hash()).build();
  }
}
