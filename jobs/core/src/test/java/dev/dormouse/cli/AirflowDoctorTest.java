package dev.dormouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.airflow.AirflowAdmin;
import dev.dormouse.config.CheckResult;
import dev.dormouse.config.Deployment;
import dev.dormouse.training.AirflowServer;
import dev.dormouse.training.AirflowTest;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor says of a real Airflow. */
@Timeout(600)
@AirflowTest
class AirflowDoctorTest {
  @TempDir Path dir;

  private Deployment.Airflow deployed(URI url, String password) throws Exception {
    Path file = Files.writeString(dir.resolve("password"), password);
    return new Deployment.Airflow(
        url, Optional.of("dormouse"), Optional.of(file), Optional.empty(), Optional.empty());
  }

  @Test
  void tellsADagOfAnotherVersionAndAPausedOne() throws Exception {
    AirflowServer airflow = AirflowServer.shared();
    Deployment.Airflow deployed = deployed(airflow.uri(), airflow.password());
    AirflowAdmin admin = airflow.admin();
    admin.unpause("dormouse_tick");
    admin.unpause("dormouse_learn");
    for (int tries = 0; tries < 60 && !admin.client().isSchedulerHealthy(); tries++) {
      TimeUnit.SECONDS.sleep(1);
    }
    assertThat(AirflowChecks.of(deployed)).allMatch(CheckResult::ok).hasSize(5);

    Path dag = airflow.dags().resolve("dormouse_tick.py");
    String source = Files.readString(dag);
    try {
      Files.writeString(dag, source + "\n# changed by hand\n");
      admin.pause("dormouse_train");
      for (int tries = 0;
          tries < 60 && admin.client().source("dormouse_tick").equals(source);
          tries++) {
        TimeUnit.SECONDS.sleep(1);
      }
      assertThat(AirflowChecks.of(deployed))
          .filteredOn(check -> !check.ok())
          .extracting(CheckResult::detail)
          .containsExactly("it is not of this version of Dormouse", "it is paused");
    } finally {
      Files.writeString(dag, source);
      admin.unpause("dormouse_train");
      admin.pause("dormouse_tick");
      admin.pause("dormouse_learn");
    }
  }

  @Test
  void tellsAnAirflowThatDoesNotAnswerAndAWrongPassword() throws Exception {
    AirflowServer airflow = AirflowServer.shared();
    List<CheckResult> silent = AirflowChecks.of(deployed(URI.create("http://127.0.0.1:9"), "x"));
    assertThat(silent).singleElement().satisfies(c -> assertThat(c.ok()).isFalse());
    assertThat(silent.get(0).detail()).contains("gave no answer");
    assertThat(AirflowChecks.of(deployed(airflow.uri(), "wrong")).get(0).detail())
        .contains("log in as dormouse")
        .contains("401");
  }
}
