package dev.dormouse.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.airflow.AirflowAdmin;
import dev.dormouse.airflow.AirflowClient;
import dev.dormouse.airflow.Question;
import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.io.KernelLake;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Plan;
import dev.dormouse.tick.CampaignLog;
import dev.dormouse.tick.Campaigns;
import dev.dormouse.tick.Inbox;
import dev.dormouse.tick.TickServices;
import dev.dormouse.tick.Ticker;
import dev.dormouse.training.AirflowServer;
import dev.dormouse.training.AirflowTest;
import dev.dormouse.training.LocalBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plans that people approve in the form of a real Airflow. */
@Timeout(600)
@AirflowTest
class AirflowApprovalTest {
  private static AirflowServer airflow;
  private static AirflowAdmin admin;

  @TempDir Path dir;
  private KernelLake lake;
  private String id;

  @BeforeAll
  static void up() throws Exception {
    airflow = AirflowServer.shared();
    admin = airflow.admin();
  }

  private Plan planned(String campaignId, long capMicros) {
    id = campaignId;
    lake = KernelLake.at(dir.resolve("lake"));
    CampaignSpec example = ExampleCampaign.spec("true", dir.toString(), Map.of());
    CampaignSpec spec =
        new CampaignSpec(
            id,
            example.study(),
            example.objective(),
            example.baseline(),
            example.searchSpace(),
            example.training(),
            example.budget(),
            example.guardrails(),
            example.sources(),
            ExampleCampaign.trials(1, 0, 0, 0, 0));
    Campaigns.create(lake, spec, "ann", Instant.now());
    return replanned(ExampleCampaign.plan(spec), capMicros);
  }

  private Plan replanned(Plan like, long capMicros) {
    Plan plan =
        new Plan(
            like.campaignId(),
            like.phases(),
            like.hypotheses(),
            like.cost(),
            capMicros,
            like.stopRules(),
            like.notTried());
    Campaigns.planned(lake, id, plan, Instant.now());
    return plan;
  }

  /** What a tick command does. */
  private CampaignState tick() throws Exception {
    AirflowClient client = new AirflowClient(airflow.uri(), airflow.account());
    new Approvals(lake, List.of(new AirflowApproval(client)))
        .collect(CampaignLog.read(lake).states().values(), Instant.now());
    LocalBackend backend = new LocalBackend(dir.resolve("work"), Clock.systemUTC());
    new Ticker(TickServices.of(lake, backend, Optional.empty(), Clock.systemUTC())).tick();
    return state();
  }

  private CampaignState state() {
    return CampaignLog.read(lake).state(id).orElseThrow();
  }

  /** The open question about this campaign, once Airflow shows its form. */
  private Question form() throws Exception {
    for (int tries = 0; tries < 480; tries++) {
      Optional<Question> open =
          admin.client().questions(AirflowApproval.DAG).stream()
              .filter(question -> question.task().dagRunId().startsWith(id + "."))
              .filter(question -> !question.answered())
              .findFirst();
      if (open.isPresent()) {
        // Airflow loses answers that are quicker than its scheduler, which people's are not.
        TimeUnit.SECONDS.sleep(3);
        return open.get();
      }
      TimeUnit.MILLISECONDS.sleep(500);
    }
    throw new AssertionError("Airflow shows no form for " + id);
  }

  private static void fill(Question form, String option, Double cap, String comment) {
    Map<String, Object> fields = new HashMap<>();
    fields.put("smaller_cap", cap);
    fields.put("comment", comment);
    admin.answer(form, option, fields);
  }

  private List<String> refusals() {
    return CampaignLog.readWithEvents(lake, id).events().stream()
        .filter(logged -> logged.event() instanceof CampaignEvent.InboxAcked)
        .map(logged -> (CampaignEvent.InboxAcked) logged.event())
        .filter(acked -> !acked.accepted())
        .map(CampaignEvent.InboxAcked::answer)
        .toList();
  }

  @Test
  void aSmallerApprovalStartsTheCampaignWithItsCapAndWakesTheTick() throws Exception {
    Instant begin = Instant.now();
    Plan plan = planned("form-approves", 500_000);
    assertThat(tick().status()).isEqualTo(Status.WAITING_FOR_APPROVAL);
    Question form = form();
    assertThat(form.subject()).contains("form-approves").contains(plan.hash());
    fill(form, "Approve smaller", 0.25, "try it with half");

    CampaignState state = tick();
    assertThat(state.status()).isEqualTo(Status.RUNNING);
    assertThat(state.approval().orElseThrow())
        .isEqualTo(new CampaignState.Approval(plan.hash(), GpuHours.micros(0.25), "admin"));
    assertThat(state.touches().get(1).channel()).isEqualTo("airflow");
    assertThat(Inbox.read(lake))
        .singleElement()
        .satisfies(message -> assertThat(message.header().comment()).isEqualTo("try it with half"))
        .satisfies(message -> assertThat(message.header().at()).isBetween(begin, Instant.now()));
    tick();
    assertThat(Inbox.read(lake)).as("an answer is one message").hasSize(1);
    for (int tries = 0;
        tries < 60 && admin.assetEvents("dormouse_plan_answered", begin).isEmpty();
        tries++) {
      TimeUnit.SECONDS.sleep(1);
    }
    assertThat(admin.assetEvents("dormouse_plan_answered", begin)).isNotEmpty();
  }

  @Test
  void aSmallerApprovalWithoutASmallerCapIsRefusedAndAskedAgain() throws Exception {
    planned("form-no-cap", 500_000);
    tick();
    Question first = form();
    fill(first, "Approve smaller", null, "");
    tick();
    assertThat(refusals())
        .containsExactly(
            "a smaller approval needs a cap above 0 and below the plan's 0.500 GPU-hours");
    tick();
    Question second = form();
    assertThat(second.task().dagRunId()).isNotEqualTo(first.task().dagRunId());
    fill(second, "Approve", null, "");
    assertThat(tick().approval().orElseThrow().capMicros()).isEqualTo(500_000);
  }

  @Test
  void aRejectedPlanIsGoneAndAnAnswerAboutAnOlderPlanIsRefused() throws Exception {
    Plan first = planned("form-rejects", 500_000);
    tick();
    Question aboutFirst = form();
    Plan second = replanned(first, 400_000);
    fill(aboutFirst, "Approve", null, "");
    assertThat(tick().status()).isEqualTo(Status.WAITING_FOR_APPROVAL);
    assertThat(refusals())
        .containsExactly("plan " + first.hash() + " is not the newest; that is " + second.hash());

    fill(form(), "Reject", null, "too dear");
    CampaignState state = tick();
    assertThat(state.status()).isEqualTo(Status.CREATED);
    assertThat(state.plan()).isEmpty();
    assertThat(state.touches().get(1))
        .satisfies(touch -> assertThat(touch.kind()).isEqualTo("reject"))
        .satisfies(touch -> assertThat(touch.detail()).isEqualTo("too dear"));
  }

  @Test
  void whoeverIsFirstWinsAndTheOtherIsTold() throws Exception {
    Plan plan = planned("form-is-late", 500_000);
    tick();
    Question form = form();
    Inbox.send(
        lake,
        new InboxMessage.Approve(
            new InboxMessage.Header("c", id, "ann", Instant.now(), "cli", ""),
            plan.hash(),
            OptionalLong.empty()));
    assertThat(tick().approval().orElseThrow().by()).isEqualTo("ann");
    fill(form, "Reject", null, "");
    assertThat(tick().status()).isNotEqualTo(Status.CREATED);
    assertThat(refusals()).singleElement().asString().contains("not waiting for approval");
  }

  @Test
  void nobodysAnswerIsANoWithoutATouch() throws Exception {
    Path hasty = airflow.dags().resolve("dormouse_approve_hasty.py");
    Files.writeString(
        hasty,
        Files.readString(airflow.dags().resolve("dormouse_approve.py"))
            .replace("dag_id=\"dormouse_approve\"", "dag_id=\"dormouse_approve_hasty\"")
            .replaceAll("PATIENCE = .*", "PATIENCE = timedelta(seconds=1)"));
    planned("form-times-out", 500_000);
    AirflowClient client = new AirflowClient(airflow.uri(), airflow.account());
    AirflowApproval channel = new AirflowApproval(client, "dormouse_approve_hasty");
    for (int tries = 0;
        tries < 60 && admin.client().dag("dormouse_approve_hasty").isEmpty();
        tries++) {
      TimeUnit.SECONDS.sleep(1);
    }
    Approvals approvals = new Approvals(lake, List.of(channel));
    for (int tries = 0; tries < 120 && Inbox.read(lake).isEmpty(); tries++) {
      approvals.collect(CampaignLog.read(lake).states().values(), Instant.now());
      TimeUnit.MILLISECONDS.sleep(500);
    }
    CampaignState state = tick();
    assertThat(state.status()).isEqualTo(Status.CREATED);
    assertThat(state.touches()).extracting(CampaignState.Touch::kind).containsExactly("create");
    Files.delete(hasty);
  }
}
