package dev.dormouse.tick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.io.KernelLake;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.table.ControlEventsTable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
    assertThat(CampaignLog.history(lake, ExampleCampaign.ID)).hasSize(2);
    assertThat(CampaignLog.history(lake, "unheard-of")).isEmpty();
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
    String hash = CampaignLog.history(lake, ExampleCampaign.ID).get(0).hash();
    lake.append(
        ControlEventsTable.TABLE,
        List.of(
            EventCodec.encode(
                ExampleCampaign.ID, 3, 2, NOW, "x", new CampaignEvent.Struck("x"), hash)));
    assertThatThrownBy(() -> CampaignLog.read(lake)).hasMessageContaining("broken at event 3");
  }
}
