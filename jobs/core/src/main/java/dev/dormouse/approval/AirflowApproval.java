package dev.dormouse.approval;

import dev.dormouse.airflow.AirflowClient;
import dev.dormouse.airflow.AirflowException;
import dev.dormouse.airflow.Question;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Plan;
import dev.dormouse.plan.PlanText;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Approval by Airflow's form: a run of the DAG {@code dormouse_approve} shows each plan and waits
 * for an answer. The run's id has campaign and plan, so that an answer is for exactly that plan.
 */
public final class AirflowApproval implements ApprovalChannel {
  /** The DAG that shows the form; its file is in {@code dags-client/dags}. */
  public static final String DAG = "dormouse_approve";

  private static final String CHANNEL = "airflow";

  /** Campaign, plan, and number of the form for this plan. */
  private static final Pattern RUN_ID = Pattern.compile("(.+)\\.((?:v\\d+-)?[0-9a-f]+)\\.(\\d+)");

  private final AirflowClient airflow;
  private final String dagId;

  /** The channel of this Airflow. */
  public AirflowApproval(AirflowClient airflow) {
    this(airflow, DAG);
  }

  AirflowApproval(AirflowClient airflow, String dagId) {
    this.airflow = airflow;
    this.dagId = dagId;
  }

  @Override
  public void request(CampaignState waiting) {
    String id = runId(waiting);
    if (airflow.run(dagId, id).isPresent()) {
      return;
    }
    Plan plan = waiting.plan().orElseThrow();
    String planHash = waiting.planHash().orElseThrow();
    Map<String, Object> conf =
        Map.of(
            "campaign", waiting.campaignId(),
            "plan_hash", planHash,
            "cap", GpuHours.text(plan.capMicros()),
            "plan", PlanText.markdown(plan, planHash, waiting.planReason()));
    try {
      airflow.trigger(dagId, id, conf);
    } catch (AirflowException e) {
      if (e.kind() != AirflowException.Kind.CONFLICT) {
        throw e;
      }
      // Another tick asked at the same time.
    }
  }

  /**
   * Returns the id of the open form: one form takes one answer, so a refused one needs a new form.
   */
  private static String runId(CampaignState state) {
    String plan = state.campaignId() + "." + state.planHash().orElseThrow() + ".";
    int form = 1;
    while (state.answeredMessages().contains(messageId(plan + form))) {
      form++;
    }
    return plan + form;
  }

  private static String messageId(String runId) {
    return CHANNEL + ":" + runId;
  }

  @Override
  public List<InboxMessage> answers(Collection<CampaignState> campaigns, Instant now) {
    List<String> known = campaigns.stream().map(CampaignState::campaignId).toList();
    return airflow.questions(dagId).stream()
        .filter(Question::answered)
        .flatMap(question -> message(question).stream())
        .filter(message -> known.contains(message.campaignId()))
        .toList();
  }

  private static Optional<InboxMessage> message(Question question) {
    String runId = question.task().dagRunId();
    Matcher id = RUN_ID.matcher(runId);
    if (!id.matches()) {
      return Optional.empty();
    }
    InboxMessage.Header header =
        new InboxMessage.Header(
            messageId(runId),
            id.group(1),
            question.answeredBy() == null ? InboxMessage.NOBODY : question.answeredBy().name(),
            Instant.parse(question.answeredAt()),
            CHANNEL,
            Optional.ofNullable(question.fields().get("comment")).map(Object::toString).orElse(""));
    String planHash = id.group(2);
    return Optional.of(
        switch (question.options().isEmpty() ? "" : question.options().get(0)) {
          case "Approve" -> new InboxMessage.Approve(header, planHash, OptionalLong.empty());
          case "Approve smaller" ->
              new InboxMessage.ApproveSmaller(header, planHash, smallerCap(question));
          default -> new InboxMessage.Reject(header, planHash);
        });
  }

  private static OptionalLong smallerCap(Question question) {
    return question.fields().get("smaller_cap") instanceof Number hours
        ? OptionalLong.of(GpuHours.micros(hours.doubleValue()))
        : OptionalLong.empty();
  }
}
