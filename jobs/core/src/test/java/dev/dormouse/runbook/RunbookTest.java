package dev.dormouse.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Change;
import dev.dormouse.model.Metric;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.runbook.Symptoms.End;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunbookTest {
  private static final SearchSpace SPACE = ExampleCampaign.spec().searchSpace();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0   | ITSELF    | 0.78 | done                                       | OK
          0   | ITSELF    | 0.51 | done                                       | COLLAPSED
          0   | ITSELF    | NaN  | done                                       | DIVERGED
          0   | ITSELF    |      | done                                       | FAILED
          1   | ITSELF    |      | train.py: MemoryError: 80 GB               | OOM
          1   | ITSELF    |      | CUDA out of memory. Tried to allocate 2 GB | OOM
          137 | ITSELF    |      | epoch 1                                    | OOM
          1   | ITSELF    |      | epoch 3: loss is nan                       | DIVERGED
          1   | ITSELF    |      | OSError: No space left on device           | INFRA
          143 | ITSELF    |      | epoch 1                                    | INFRA
          -1  | ITSELF    |      | epoch 1                                    | INFRA
          1   | ITSELF    |      | ImportError: no module named jax           | FAILED
          137 | TIMED_OUT |      | epoch 1                                    | TIMEOUT
          143 | STOPPED   |      | epoch 1                                    | ABANDONED
          """)
  void tellsHowARunEnded(int exitCode, End end, Double auc, String log, RunStatus status) {
    TreeMap<String, Double> metrics = new TreeMap<>();
    if (auc != null) {
      metrics.put("auc", auc);
    }
    OptionalInt code = exitCode < 0 ? OptionalInt.empty() : OptionalInt.of(exitCode);
    assertThat(
            Runbook.diagnose(new Symptoms(code, end, Metric.named("auc"), metrics, log)).status())
        .isEqualTo(status);
  }

  @Test
  void onlyMetricsWithAChanceLevelCanBeAtIt() {
    assertThat(ended("auc", 0.51)).isEqualTo(RunStatus.COLLAPSED);
    assertThat(ended("ndcg@10", 0.31)).isEqualTo(RunStatus.OK);
    assertThat(ended("ne", 0.99)).isEqualTo(RunStatus.OK);
  }

  private static RunStatus ended(String metric, double value) {
    return Runbook.diagnose(
            new Symptoms(
                OptionalInt.of(0),
                End.ITSELF,
                Metric.named(metric),
                new TreeMap<>(Map.of(metric, value)),
                ""))
        .status();
  }

  @Test
  void quotesTheLineThatTellsMost() {
    Diagnosis diagnosis =
        Runbook.diagnose(
            new Symptoms(
                OptionalInt.of(1),
                End.ITSELF,
                Metric.named("auc"),
                new TreeMap<>(),
                "epoch 1\nMemoryError: no room\nbye\n"));
    assertThat(diagnosis.text()).contains("ran out of memory", "MemoryError: no room");
  }

  @Test
  void triesAgainTwiceWhereTheMachineIsToBlame() {
    Arm arm = ExampleCampaign.BASELINE;
    assertThat(Runbook.remedy(RunStatus.INFRA, arm, 2, SPACE).action())
        .isEqualTo(Remedy.Action.RETRY);
    assertThat(Runbook.remedy(RunStatus.INFRA, arm, 3, SPACE).action())
        .isEqualTo(Remedy.Action.GIVE_UP);
  }

  @Test
  void makesAnArmSmallerThatNeedsTooMuchMemory() {
    Arm big = ExampleCampaign.BASELINE.with("batch_size", "4096");
    assertThat(change(Runbook.remedy(RunStatus.OOM, big, 1, SPACE)))
        .isEqualTo(new Change("batch_size", "4096", "1024"));
    assertThat(change(Runbook.remedy(RunStatus.OOM, ExampleCampaign.BASELINE, 1, SPACE)))
        .isEqualTo(new Change("embedding_dim", "16", "8"));
  }

  @Test
  void takesATenthOfALearningRateThatDiverges() {
    Arm fast = ExampleCampaign.BASELINE.with("learning_rate", "0.1");
    assertThat(change(Runbook.remedy(RunStatus.DIVERGED, fast, 1, SPACE)))
        .isEqualTo(new Change("learning_rate", "0.1", "0.01"));
    Arm slowest = ExampleCampaign.BASELINE.with("learning_rate", "0.0001");
    assertThat(Runbook.remedy(RunStatus.DIVERGED, slowest, 1, SPACE).action())
        .isEqualTo(Remedy.Action.GIVE_UP);
  }

  @Test
  void hasNoRemedyOutsideTheSearchSpace() {
    SearchSpace listed = SearchSpace.ofArms(List.of(ExampleCampaign.BASELINE));
    assertThat(
            Runbook.remedy(RunStatus.OOM, Arm.of(Map.of("batch_size", "64")), 1, listed).action())
        .isEqualTo(Remedy.Action.GIVE_UP);
  }

  private static Change change(Remedy remedy) {
    return ((Remedy.Amend) remedy).change();
  }
}
