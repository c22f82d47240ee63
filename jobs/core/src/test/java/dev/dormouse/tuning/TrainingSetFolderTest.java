package dev.dormouse.tuning;

import static dev.dormouse.tuning.SampleCampaigns.answer;
import static dev.dormouse.tuning.SampleCampaigns.answers;
import static dev.dormouse.tuning.SampleCampaigns.campaign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingSetFolderTest {
  private static final TrainingSet SET =
      TrainingSet.of(
          List.of(
              campaign("a", "a", 0, answers(answer("bad", 0, 1), answer("good", 0.004, 1))),
              campaign("b", "b", 2, 3, 1)),
          new TreeMap<>(Map.of("they were lost", 3)));

  @TempDir Path directory;

  @Test
  void writesAllFilesAndACardThatDescribesThem() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("set"));
    assertThat(TrainingSetFolder.refusal(folder)).isEmpty();

    TrainingSetFolder.write(SET, folder);

    assertThat(files(folder))
        .containsExactly(
            "README.md",
            "chat/test.jsonl",
            "chat/train.jsonl",
            "preference/train.jsonl",
            "provider/chat/test.jsonl",
            "provider/chat/train.jsonl",
            "provider/preference/train.jsonl");
    assertThat(folder.resolve("README.md"))
        .content()
        .startsWith("---\nlicense: other\nconfigs:\n- config_name: chat\n")
        .contains(
            "| train | 1 | 1 | 2026-01-01T00:00:00Z | 2026-01-02T00:00:00Z | 2 | 1 | 0 | 1 | 0 | 1 |")
        .contains("- 3 tried hypotheses: they were lost")
        .contains("Licences of the cards and papers in the questions: CC0.");
    assertThat(SET.counts()).isEqualTo(new TrainingSet.Counts(2, 3, 1));
    assertThat(names(directory)).as("no draft is left").containsExactly("set");
  }

  @Test
  void aFolderWithContentIsRefusedAndKept() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("set"));
    Files.writeString(folder.resolve("mine.txt"), "mine");

    assertThat(TrainingSetFolder.refusal(folder))
        .contains(folder + " is not empty; name a folder that is empty or does not exist.");
    assertThat(TrainingSetFolder.refusal(folder.resolve("mine.txt")).orElseThrow())
        .contains("is no folder");
    assertThatThrownBy(() -> TrainingSetFolder.write(SET, folder)).isInstanceOf(IOException.class);
    assertThat(files(folder)).containsExactly("mine.txt");
    assertThat(names(directory)).containsExactly("set");
  }

  @Test
  void nothingIsLeftIfAFileCannotBeWritten() throws IOException {
    TrainingSet impossible =
        new TrainingSet(
            Map.of("a", List.of("x"), "a/b", List.of("x")), new TrainingSet.Counts(1, 1, 1));

    assertThatThrownBy(() -> TrainingSetFolder.write(impossible, directory.resolve("set")))
        .isInstanceOf(IOException.class);
    assertThat(names(directory)).isEmpty();
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
