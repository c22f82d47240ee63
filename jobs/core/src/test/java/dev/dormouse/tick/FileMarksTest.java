package dev.dormouse.tick;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileMarksTest {
  @TempDir Path dir;

  private FileMarks marks() {
    return new FileMarks(dir, "here", Clock.systemUTC());
  }

  /** A process that has ended, so that its number is nobody's. */
  private static long deadPid() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    return process.pid();
  }

  private void dead(String host, long pid, String campaign) throws Exception {
    Files.writeString(dir.resolve(host + "." + pid + "." + System.nanoTime()), campaign);
  }

  @Test
  void aLivingTickIsNoDeath() {
    FileMarks working = marks();
    working.enter("a");
    assertThat(marks().crashes()).isEmpty();
    working.leave();
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void countsTheTicksThatDiedOverACampaignUntilItIsForgiven() throws Exception {
    long pid = deadPid();
    dead("here", pid, "a");
    dead("here", pid, "a");
    dead("here", pid, "b");
    dead("here", pid, "");
    assertThat(marks().crashes()).containsEntry("a", 2).containsEntry("b", 1).hasSize(2);
    marks().clearCrashes("a");
    assertThat(marks().crashes()).containsOnlyKeys("b");
  }

  @Test
  void aProcessThatOnlyHasTheNumberOfTheDeadOneDoesNotStandForIt() throws Exception {
    dead("here", ProcessHandle.current().pid(), "a");
    try (Stream<Path> files = Files.list(dir)) {
      Files.setLastModifiedTime(
          files.findFirst().orElseThrow(), FileTime.from(Instant.now().minus(Duration.ofDays(30))));
    }
    assertThat(marks().crashes()).containsEntry("a", 1);
  }

  @Test
  void ofAnotherMachineOnlyWhatIsOldIsDead() throws Exception {
    dead("there", deadPid(), "a");
    assertThat(marks().crashes()).isEmpty();
    Clock tomorrow = Clock.offset(Clock.systemUTC(), Duration.ofDays(1));
    assertThat(new FileMarks(dir, "here", tomorrow).crashes()).containsEntry("a", 1);
  }
}
