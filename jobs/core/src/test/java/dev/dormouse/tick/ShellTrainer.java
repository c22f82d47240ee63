package dev.dormouse.tick;

import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.model.CampaignSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A trainer of a few lines of shell: a wider embedding helps, seeds wiggle, learning rates above
 * 0.05 diverge. Every training leaves a line in {@code trained}.
 */
final class ShellTrainer {
  private static final String SCRIPT =
      """
      config=$1
      value() { sed -n 's/.*"'"$1"'":"\\{0,1\\}\\([^,}"]*\\).*/\\1/p' "$config"; }
      out=$(value output_dir)
      echo "$out" >>trained
      auc=$(awk -v d="$(value embedding_dim)" -v s="$(value seed)" -v r="$(value learning_rate)" \\
        'BEGIN { if (r > 0.05) exit 3; printf "%.6f", 0.7 + d / 10000 + ((s * 7919 + d * 31) % 13) / 100000 }') || {
        echo "epoch 1: loss is nan" >&2
        exit 1
      }
      echo "{\\"step\\":1,\\"metric\\":\\"auc\\",\\"value\\":$auc}" >"$out/metrics.jsonl"
      echo "{\\"status\\":\\"ok\\",\\"metrics\\":{\\"auc\\":$auc,\\"test_auc\\":$auc}}" >"$out/result.json"
      """;

  private ShellTrainer() {}

  /** The example campaign, trained by a shell script in this directory. */
  static CampaignSpec campaign(Path directory) throws IOException {
    Files.writeString(directory.resolve("trainer.sh"), SCRIPT);
    return ExampleCampaign.spec(
        "sh trainer.sh {config_file}", directory.toString(), ExampleCampaign.trials(2, 3, 1, 2, 6));
  }

  /** Run directories in the order in which they were trained. */
  static List<String> trained(Path directory) throws IOException {
    return Files.readAllLines(directory.resolve("trained"));
  }
}
