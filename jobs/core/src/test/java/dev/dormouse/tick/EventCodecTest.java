package dev.dormouse.tick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.Decider;
import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.campaign.LoggedEvent;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.MetricPoint;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.Source;
import dev.dormouse.table.ControlEventsTable;
import dev.dormouse.table.TableRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventCodecTest {
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678901Z");
  private static final CampaignSpec SPEC = ExampleCampaign.spec();
  private static final Plan PLAN = ExampleCampaign.plan(SPEC);

  static Stream<CampaignEvent> events() {
    Verdict.Comparison comparison = new Verdict.Comparison(2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0.5);
    return Stream.of(
        new CampaignEvent.Created(SPEC, "ann", Decider.RULES),
        CampaignEvent.Planned.of(PLAN),
        new CampaignEvent.Approved(PLAN.hash(), 12, "ann", "cli"),
        new CampaignEvent.PhaseStarted(Phase.VALIDATION, "up to 3 trials"),
        new CampaignEvent.SplitChanged(Phase.VALIDATION, 4, "runs are cheap"),
        new CampaignEvent.Intent(trial(), 1, 17, AT),
        new CampaignEvent.Launched("v-1", 1, "/runs/v-1"),
        new CampaignEvent.Abandoned(
            "v-1", 1, List.of(new MetricPoint("auc", 1, 0.6)), "far behind"),
        new CampaignEvent.Settled("v-1", 1, outcome()),
        new CampaignEvent.Released("v-1", 1, "too late"),
        new CampaignEvent.Diagnosed("v-1", 1, "oom", "out-of-memory", "amend", "smaller"),
        new CampaignEvent.Commanded("budget", "ann", "cli", "more \"money\"", 99),
        new CampaignEvent.InboxAcked("m-1", false, "stale"),
        new CampaignEvent.OutboxAcked(List.of("trial:a", "trial:b")),
        new CampaignEvent.Hindered("Airflow gave no answer"),
        new CampaignEvent.Struck("java.lang.IllegalStateException: x"),
        new CampaignEvent.Quarantined("three strikes"),
        new CampaignEvent.Finished(
            new Verdict(
                Verdict.Kind.CONFIRMED,
                Optional.of(ExampleCampaign.BASELINE),
                Optional.of(comparison),
                Optional.empty(),
                "better")));
  }

  private static TrialSpec trial() {
    return new TrialSpec(
        "v-1",
        Phase.VALIDATION,
        ExampleCampaign.BASELINE,
        1,
        0.5,
        false,
        Optional.of("h-1"),
        Optional.of(Source.RUNBOOK),
        Optional.of(0.00123),
        Optional.of("v-0"));
  }

  private static RunOutcome outcome() {
    return new RunOutcome(
        RunStatus.OK,
        new TreeMap<>(Map.of("auc", 0.1 + 0.2)),
        List.of(new MetricPoint("auc", 1, 0.7)),
        AT,
        AT.plusSeconds(3),
        5,
        "result",
        "");
  }

  private static TableRow encoded(CampaignEvent event) {
    return EventCodec.encode(ExampleCampaign.ID, 3, 2, AT, "tick-1", event, "abc");
  }

  @ParameterizedTest
  @MethodSource("events")
  void everyEventComesBackAsItWasWritten(CampaignEvent event) {
    LoggedEvent logged = EventCodec.decode(encoded(event));
    assertThat(logged.event()).isEqualTo(event);
    assertThat(event.type().recordClass()).isEqualTo(event.getClass());
    assertThat(logged.seq()).isEqualTo(3);
    assertThat(logged.commit()).isEqualTo(2);
    assertThat(logged.at()).isEqualTo(AT);
    assertThat(logged.prevHash()).isEqualTo("abc");
  }

  @Test
  void theExamplesCoverEveryKindOfEvent() {
    Set<Class<?>> covered = events().map(Object::getClass).collect(Collectors.toSet());
    assertThat(covered).containsExactlyInAnyOrder(CampaignEvent.class.getPermittedSubclasses());
  }

  @Test
  void aPlanKeepsItsHashThroughTheLog() {
    CampaignEvent.Planned planned =
        (CampaignEvent.Planned) EventCodec.decode(encoded(CampaignEvent.Planned.of(PLAN))).event();
    assertThat(planned.plan().hash()).isEqualTo(PLAN.hash());
  }

  @Test
  void noticesAChangedPayload() {
    TableRow row = encoded(new CampaignEvent.Approved(PLAN.hash(), 12, "ann", "cli"));
    TableRow.Builder changed = TableRow.of(ControlEventsTable.TABLE);
    ControlEventsTable.TABLE
        .columns()
        .forEach(column -> changed.set(column.name(), row.raw(column.name())));
    changed.set("payload", row.text("payload").replace("12", "99"));
    assertThatThrownBy(() -> EventCodec.decode(changed.build()))
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining("Event 3 of campaign example was changed");
  }
}
