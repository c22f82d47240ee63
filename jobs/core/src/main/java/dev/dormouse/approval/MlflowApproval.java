package dev.dormouse.approval;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.model.GpuHours;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Approval by a tag of the campaign's run in MLflow, which people set to {@code approve PLAN by
 * NAME}, {@code approve PLAN cap GPU_HOURS by NAME} or {@code reject PLAN by NAME}, with a comment
 * after a colon. MLflow does not record who set a tag: allow this channel only where you trust
 * everybody who can.
 */
public final class MlflowApproval implements ApprovalChannel {
  /** The tag. */
  public static final String TAG = "dormouse.decision";

  private static final String CHANNEL = "mlflow";
  private static final Pattern FORM =
      Pattern.compile(
          "(approve|reject)\\s+((?:v\\d+-)?[0-9a-f]+)(?:\\s+cap\\s+(\\d{1,9}(?:\\.\\d{1,9})?))?\\s+by\\s+([^:]*[^:\\s])\\s*(?::\\s*(.*))?",
          Pattern.DOTALL);

  private final Function<String, Optional<String>> tag;

  /**
   * A channel.
   *
   * @param tag returns the tag of the run of a campaign; empty if it is not set
   */
  public MlflowApproval(Function<String, Optional<String>> tag) {
    this.tag = tag;
  }

  /** Does nothing: the outbox publishes the plan as the description of the campaign's run. */
  @Override
  public void request(CampaignState waiting) {}

  @Override
  public List<InboxMessage> answers(Collection<CampaignState> campaigns, Instant now) {
    return campaigns.stream()
        .filter(state -> state.status() == Status.WAITING_FOR_APPROVAL)
        .flatMap(
            state ->
                tag.apply(state.campaignId()).stream()
                    .map(text -> message(state.campaignId(), text.strip(), now)))
        .toList();
  }

  private static InboxMessage message(String campaignId, String text, Instant now) {
    Matcher form = FORM.matcher(text);
    UUID digest = UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
    String id = CHANNEL + ":" + campaignId + ":" + digest;
    if (!form.matches()) {
      return new InboxMessage.Unreadable(
          new InboxMessage.Header(
              id,
              campaignId,
              InboxMessage.NOBODY,
              now,
              CHANNEL,
              "tag "
                  + TAG
                  + " says '"
                  + text
                  + "'; it must say 'approve PLAN by NAME', 'approve PLAN cap GPU_HOURS by NAME' or 'reject PLAN by NAME'"));
    }
    String comment = form.group(5) == null ? "" : form.group(5);
    InboxMessage.Header header =
        new InboxMessage.Header(id, campaignId, form.group(4), now, CHANNEL, comment);
    String planHash = form.group(2);
    return form.group(1).equals("approve")
        ? new InboxMessage.Approve(header, planHash, cap(form.group(3)))
        : new InboxMessage.Reject(header, planHash);
  }

  private static OptionalLong cap(String hours) {
    long micros = hours == null ? 0 : GpuHours.micros(Double.parseDouble(hours));
    return micros > 0 ? OptionalLong.of(micros) : OptionalLong.empty();
  }
}
