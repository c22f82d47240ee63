package dev.dormouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dormouse.airflow.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentTest {
  @TempDir Path directory;

  private Deployment read(String... lines) throws IOException {
    return Deployment.read(
        Files.writeString(directory.resolve("d.properties"), String.join("\n", lines)));
  }

  private String problem(String... lines) {
    return catchThrowableOfType(BadInputException.class, () -> read(lines)).problems().toString();
  }

  @Test
  void readsAnAirflowAndItsPasswordOnlyWhenItIsNeeded() throws IOException {
    Deployment deployment =
        read(
            "airflow.url=http://127.0.0.1:8080",
            "airflow.user=ann",
            "airflow.password.file=secret",
            "approval.channels=cli, airflow");
    assertThat(deployment.approvalChannels()).containsExactlyInAnyOrder("cli", "airflow");
    Files.writeString(directory.resolve("secret"), "hunter2\n");
    assertThat(deployment.airflow().orElseThrow().credentials())
        .isEqualTo(new Credentials.Password("ann", "hunter2"));
    assertThat(deployment.airflow().orElseThrow().credentials().toString())
        .doesNotContain("hunter2");
  }

  @Test
  void aTokenOrACommandForOneWillDo() throws IOException {
    Files.writeString(directory.resolve("token"), "abc");
    String url = "airflow.url=http://127.0.0.1:8080";
    assertThat(read(url, "airflow.token.file=token").airflow().orElseThrow().credentials())
        .isEqualTo(new Credentials.Token("abc"));
    assertThat(read(url, "airflow.token.command=vault get").airflow().orElseThrow().credentials())
        .isEqualTo(new Credentials.TokenCommand("vault get"));
  }

  @Test
  void saysWhatIsMissingOrWrong() {
    assertThat(problem("airflow.url=http://127.0.0.1:8080"))
        .contains("airflow.url")
        .contains("airflow.token.command");
    assertThat(problem("airflow.url=localhost")).contains("it must be a URL such as");
    assertThat(problem("approval.channels=cli,pigeon"))
        .contains("'pigeon'", "cli, airflow, mlflow");
    assertThat(problem("approval.channels=mlflow")).contains("which needs mlflow.uri");
    assertThat(problem("airflow.pasword.file=x")).contains("is unknown; known keys are");
  }

  @Test
  void readsALanguageModelItsPriceAndItsCaps() throws IOException {
    assertThat(read("lake=l").llm()).isEmpty();
    LlmSettings llm =
        read(
                "llm.model=gpt-4o-mini",
                "llm.price.gpt-4o-mini=0.15, 0.60",
                "llm.url=http://127.0.0.1:8000/v1",
                "llm.cap.day.usd=2.5")
            .llm()
            .orElseThrow();
    assertThat(llm.provider()).isEqualTo(LlmSettings.Provider.OPENAI);
    assertThat(llm.price().of(1_000_000, 1_000_000)).isEqualTo(750_000);
    assertThat(llm.price().of(1, 0)).as("rounded up").isEqualTo(1);
    assertThat(llm.dayCap().microUsd()).isEqualTo(2_500_000);
    assertThat(llm.campaignCap().microUsd()).isEqualTo(1_000_000);
    assertThat(llm.withCampaignCap(0.25).campaignCap().microUsd()).isEqualTo(250_000);
    assertThat(llm.withCampaignCap(9).campaignCap().microUsd()).isEqualTo(1_000_000);
  }

  @Test
  void aModelWithoutAPriceIsRefusedUnlessItRunsAtHome() throws IOException {
    assertThat(problem("llm.model=x")).contains("llm.price.x", "'0.15, 0.60'");
    assertThat(problem("llm.model=x", "llm.price.x=cheap")).contains("llm.price.x");
    assertThat(read("llm.model=x", "llm.provider=ollama").llm()).isPresent();
    assertThat(problem("llm.provider=oracle")).contains("openai, anthropic, ollama");
    assertThat(problem("llm.model=x", "llm.price.x=0,0", "llm.cap.day.usd=much"))
        .contains("llm.cap.day.usd");
    assertThat(problem("llm.model=x", "llm.price.x=0,0", "llm.parallel.calls=0"))
        .contains("from 1 to 512");
  }
}
