package dev.dormouse.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.model.Metric.Basis;
import dev.dormouse.model.Objective.Direction;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          auc,                          MAXIMIZE, CATALOGUE
          val_auc,                      MAXIMIZE, CATALOGUE
          validation/ROC-AUC,           MAXIMIZE, CATALOGUE
          gauc,                         MAXIMIZE, CATALOGUE
          ndcg@10,                      MAXIMIZE, CATALOGUE
          recall_at_20,                 MAXIMIZE, CATALOGUE
          precision@k,                  MAXIMIZE, CATALOGUE
          f1,                           MAXIMIZE, CATALOGUE
          r2,                           MAXIMIZE, CATALOGUE
          logloss,                      MINIMIZE, CATALOGUE
          test_loss,                    MINIMIZE, CATALOGUE
          ne,                           MINIMIZE, CATALOGUE
          normalized_entropy,           MINIMIZE, CATALOGUE
          mse,                          MINIMIZE, CATALOGUE
          RMSE,                         MINIMIZE, CATALOGUE
          perplexity,                   MINIMIZE, CATALOGUE
          click_auc,                    MAXIMIZE, NAME
          cvr_ne,                       MINIMIZE, NAME
          auc_loss,                     MINIMIZE, NAME
          mean_squared_error,           MINIMIZE, NAME
          neg_mean_squared_error,       MAXIMIZE, NAME
          neg_log_likelihood,           MINIMIZE, NAME
          score,                        MAXIMIZE, ASSUMED
          engine,                       MAXIMIZE, ASSUMED
          metric_00,                    MAXIMIZE, ASSUMED
          """)
  void tellsTheDirectionByTheName(String name, Direction direction, Basis basis) {
    Metric metric = Metric.named(name);

    assertThat(metric.direction()).isEqualTo(direction);
    assertThat(metric.basis()).isEqualTo(basis);
  }

  @Test
  void onlySomeMetricsHaveAChanceLevel() {
    assertThat(Metric.named("auc").chanceLevel()).hasValue(0.5);
    assertThat(Metric.named("auc").isCollapsed(0.519)).isTrue();
    assertThat(Metric.named("auc").isCollapsed(0.52)).isFalse();
    assertThat(Metric.named("click_auc").isCollapsed(0.4)).isTrue();
    for (String other : List.of("pr_auc", "ndcg@10", "accuracy", "ne", "rmse", "score")) {
      assertThat(Metric.named(other).chanceLevel()).as(other).isEmpty();
      assertThat(Metric.named(other).isCollapsed(0.01)).as(other).isFalse();
    }
  }

  @Test
  void aStatedOppositeDirectionLeavesNoChanceLevel() {
    Metric metric = Metric.stated("auc", Direction.MINIMIZE, Basis.MAPPING);

    assertThat(metric.isCollapsed(0.4)).isFalse();
    assertThat(metric.isCollapsed(0.6)).isFalse();
    assertThat(Metric.stated("auc", Direction.MAXIMIZE, Basis.MAPPING).isCollapsed(0.4)).isTrue();
  }

  @Test
  void aMinimizedMetricIsCollapsedAboveItsChanceLevel() {
    Metric metric =
        new Metric(
            "cost",
            Direction.MINIMIZE,
            Basis.MAPPING,
            new Metric.Range(OptionalDouble.empty(), OptionalDouble.empty()),
            OptionalDouble.of(1));

    assertThat(metric.isCollapsed(0.99)).isTrue();
    assertThat(metric.isCollapsed(0.97)).isFalse();
  }

  @Test
  void knowsTheRangeOfWellKnownMetrics() {
    assertThat(Metric.named("auc").range().high()).hasValue(1);
    assertThat(Metric.named("rmse").range().low()).hasValue(0);
    assertThat(Metric.named("rmse").range().high()).isEmpty();
  }
}
