package dev.dormouse.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.io.KernelLake;
import dev.dormouse.model.Arm;
import dev.dormouse.model.ArmForecast;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.IgnoredParameters;
import dev.dormouse.model.KnownArm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanForecastsTableTest {
  private static final Table TABLE = PlanForecastsTable.TABLE;
  private static final ArmForecasts FORECASTS =
      new ArmForecasts(
          1 / 3.0,
          0.1 + 0.2,
          List.of(
              new ArmForecast(arm("0.1"), -1.5E-7, 0, 0),
              new ArmForecast(arm("0.2"), 0.0, 1, 9_007_199_254_740_993L)),
          List.of(
              new KnownArm(arm("0.3"), 2 / 3.0, 0.0005, 3, "r1"),
              new KnownArm(arm("0.4"), Double.NaN, 0, 0, "r2")),
          new IgnoredParameters(
              new TreeMap<>(
                  Map.of(
                      "DCN", new TreeSet<>(List.of("heads", "towers")),
                      "BST", new TreeSet<>(List.of("layers"))))));

  @TempDir Path root;

  @Test
  void forecastsComeBackFromTheLakeDigitByDigit() {
    KernelLake lake = KernelLake.at(root);
    lake.create(TABLE);
    ArmForecasts others = new ArmForecasts(0, 1, FORECASTS.arms(), List.of());
    lake.append(TABLE, PlanForecastsTable.encode("others", others));
    lake.append(TABLE, PlanForecastsTable.encode("clicks", FORECASTS));

    assertThat(
            PlanForecastsTable.decode(
                lake.readWhere(TABLE, "forecasts_hash", FORECASTS.hash()).rows()))
        .contains(FORECASTS)
        .hasValueSatisfying(read -> assertThat(read.hash()).isEqualTo(FORECASTS.hash()));
  }

  @Test
  void neitherTheOrderOfRowsNorASecondWriterMatters() {
    List<TableRow> rows = new ArrayList<>(PlanForecastsTable.encode("clicks", FORECASTS));
    rows.addAll(PlanForecastsTable.encode("clicks", FORECASTS));
    Collections.reverse(rows);

    assertThat(PlanForecastsTable.decode(rows)).contains(FORECASTS);
  }

  @Test
  void noRowsAreNoForecasts() {
    assertThat(PlanForecastsTable.decode(List.of())).isEmpty();
  }

  private static Arm arm(String dropout) {
    return Arm.of(Map.of("model", "DCN", "dropout", dropout, "layers", "[64, 32]"));
  }
}
