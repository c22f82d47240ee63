package dev.dormouse.tick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.io.KernelLake;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.table.ControlEventsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CampaignLogTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123456789Z");

  private final CampaignSpec spec = ExampleCampaign.spec();
  @TempDir Path dir;
  private KernelLake lake;

  @BeforeEach
  void open() {
    lake = KernelLake.at(dir);
    Campaigns.create(lake, spec, "ann", NOW);
  }

  private static Map<String, List<CampaignEvent>> struck(String why) {
    return Map.of(ExampleCampaign.ID, List.of(new CampaignEvent.Struck(why)));
  }

  @Test
  void foldsWhatWasWritten() {
    Campaigns.planned(lake, ExampleCampaign.ID, ExampleCampaign.plan(spec), NOW);
    CampaignLog log = CampaignLog.read(lake);
    assertThat(log.states().get(ExampleCampaign.ID).status())
        .isEqualTo(Status.WAITING_FOR_APPROVAL);
    assertThat(CampaignLog.readWithEvents(lake, ExampleCampaign.ID).events()).hasSize(2);
    assertThat(CampaignLog.readWithEvents(lake, "unheard-of").events()).isEmpty();
  }

  @Test
  void refusesASecondCampaignOfTheSameName() {
    assertThatThrownBy(() -> Campaigns.create(lake, spec, "bob", NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("example", "another name");
  }

  @Test
  void theLoserOfTwoConcurrentAppendsWritesNothing() {
    CampaignLog first = CampaignLog.read(lake);
    CampaignLog second = CampaignLog.read(lake);
    assertThat(first.append(struck("first"), NOW, "a")).isPresent();
    assertThat(second.append(struck("second"), NOW, "b")).isEmpty();
    assertThat(CampaignLog.read(lake).states().get(ExampleCampaign.ID).strikes()).isEqualTo(1);
  }

  @Test
  void whatAnAppendReturnsIsWhatIsReadBack() {
    CampaignLog appended = CampaignLog.read(lake).append(struck("x"), NOW, "a").orElseThrow();
    CampaignLog read = CampaignLog.read(lake);
    assertThat(read.version()).isEqualTo(appended.version());
    assertThat(read.states()).isEqualTo(appended.states());
    assertThat(read.eventsAfter(0)).isEqualTo(appended.eventsAfter(0));
  }

  @Test
  void noticesAnEventThatDoesNotFollowTheOneBefore() {
    lake.append(
        ControlEventsTable.TABLE,
        List.of(
            EventCodec.encode(
                ExampleCampaign.ID, 2, 2, NOW, "x", new CampaignEvent.Struck("forged"), "beef")));
    assertThatThrownBy(() -> CampaignLog.read(lake))
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining("broken at event 2");
  }

  @Test
  void noticesAGap() {
    String hash = CampaignLog.readWithEvents(lake, ExampleCampaign.ID).events().get(0).hash();
    lake.append(
        ControlEventsTable.TABLE,
        List.of(
            EventCodec.encode(
                ExampleCampaign.ID, 3, 2, NOW, "x", new CampaignEvent.Struck("x"), hash)));
    assertThatThrownBy(() -> CampaignLog.read(lake)).hasMessageContaining("broken at event 3");
  }

  private Path commit(long version) {
    return dir.resolve("control_events/_delta_log").resolve(String.format("%020d.json", version));
  }

  private void strike(int times) {
    for (int i = 0; i < times; i++) {
      assertThat(CampaignLog.read(lake).append(struck("x" + i), NOW, "a")).isPresent();
    }
  }

  @Test
  void noticesThatTheNewestCommitWasCutToNothing() throws IOException {
    strike(2);
    Files.write(commit(3), new byte[0]);
    assertThatThrownBy(() -> CampaignLog.read(lake))
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining("Commit 3 of the log of campaigns holds no events");
  }

  @Test
  void noticesThatTheNewestCommitIsGone() throws IOException {
    strike(2);
    Files.delete(commit(3));
    // Kernel's checksum would tell as well, if it were there.
    Files.delete(Path.of(commit(3).toString().replace(".json", ".crc")));
    assertThatThrownBy(() -> CampaignLog.read(lake))
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining("ends at commit 2 but reached commit 3");
  }

  @Test
  void noticesACommitOfAnotherProgram() {
    strike(1);
    lake.appendOnce(ControlEventsTable.TABLE, "another program", 1, done -> Optional.of(List.of()));
    assertThatThrownBy(() -> CampaignLog.read(lake)).hasMessageContaining("holds no events");
  }

  @Test
  void aSnapshotAndWhatFollowsIsTheWholeLog() {
    strike(3);
    CampaignLog.read(lake).snapshot().write(lake);
    strike(2);
    CampaignLog log = CampaignLog.read(lake);
    assertThat(log.isSnapshotDue(2)).isTrue();
    assertThat(log.isSnapshotDue(3)).isFalse();
    assertThat(log.states()).isEqualTo(CampaignLog.readFromStart(lake).states());
    assertThat(log.eventsAfter(1)).hasSize(5);
    assertThat(log.eventsAfter(4)).hasSize(2);
  }

  @Test
  void aSnapshotKeepsAChangedSplit() {
    Plan plan = ExampleCampaign.plan(spec);
    Campaigns.planned(lake, ExampleCampaign.ID, plan, NOW);
    List<CampaignEvent> changed =
        List.of(
            new CampaignEvent.Approved(plan.hash(), plan.capMicros(), "ann", "cli"),
            new CampaignEvent.SplitChanged(Phase.EXPLOITATION, 5, "runs are cheap"));
    assertThat(CampaignLog.read(lake).append(Map.of(ExampleCampaign.ID, changed), NOW, "a"))
        .isPresent();
    CampaignLog.read(lake).snapshot().write(lake);

    CampaignState read = CampaignLog.read(lake).states().get(ExampleCampaign.ID);
    assertThat(read).isEqualTo(CampaignLog.readFromStart(lake).states().get(ExampleCampaign.ID));
    assertThat(read.split()).isEqualTo(Map.of(Phase.EXPLOITATION, 5));
  }

  @Test
  void aDamagedSnapshotOnlyCostsTime() {
    strike(3);
    CampaignLog.read(lake).snapshot().write(lake);
    String name =
        lake.cachedNames(ControlEventsTable.TABLE).stream()
            .filter(file -> file.startsWith("snapshot"))
            .findFirst()
            .orElseThrow();
    byte[] bytes = lake.cached(ControlEventsTable.TABLE, name).orElseThrow();
    for (int at = 0; at < bytes.length; at += 97) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x20;
      lake.cache(ControlEventsTable.TABLE, name, damaged);
      assertThat(CampaignLog.read(lake).states().get(ExampleCampaign.ID).strikes()).isEqualTo(3);
    }
  }

  @Test
  void onlyTheNewestSnapshotsAreKept() {
    for (int i = 0; i < 4; i++) {
      strike(1);
      CampaignLog.read(lake).snapshot().write(lake);
    }
    assertThat(lake.cachedNames(ControlEventsTable.TABLE))
        .filteredOn(name -> name.startsWith("snapshot"))
        .hasSize(2);
  }
}
