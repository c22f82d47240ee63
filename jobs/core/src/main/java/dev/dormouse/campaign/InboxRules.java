package dev.dormouse.campaign;

import dev.dormouse.campaign.CampaignEvent.Commanded;
import dev.dormouse.campaign.CampaignEvent.Commanded.Instruction;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.Decider.Draft;
import dev.dormouse.model.GpuHours;
import java.util.Optional;

/**
 * Decides whether a campaign follows a message of a person, and what follows from it. Pure.
 *
 * @param state the campaign, which was created
 */
record InboxRules(CampaignState state) implements InboxMessage.Visitor<InboxRules.Answer> {
  /**
   * The answer to a message: an event to record, or the reason to reject the message.
   *
   * @param why explains the event to people
   */
  record Answer(Optional<CampaignEvent> event, String why, String rejection) {
    static Answer accepted(CampaignEvent event, String why) {
      return new Answer(Optional.of(event), why, "");
    }

    static Answer rejected(String reason) {
      return new Answer(Optional.empty(), "", reason);
    }
  }

  /** Answers a message, unless it was answered before. */
  static void answer(Draft draft, InboxMessage message) {
    CampaignState state = draft.state();
    if (state.answeredMessages().contains(message.messageId()) || state.spec().isEmpty()) {
      return;
    }
    Answer answer = message.accept(new InboxRules(state));
    answer.event().ifPresent(event -> draft.record(event, answer.why()));
    boolean accepted = answer.event().isPresent();
    draft.record(
        new CampaignEvent.InboxAcked(
            message.messageId(), accepted, accepted ? "done" : answer.rejection()),
        message.kind()
            + " by "
            + message.header().by()
            + (accepted ? ": done" : ": refused, " + answer.rejection()));
  }

  @Override
  public Answer approve(InboxMessage.Approve message) {
    String rejection = planRejection(message.planHash());
    return rejection.isEmpty()
        ? approved(
            message.header(),
            message.planHash(),
            message.capMicros().orElseGet(() -> state.plan().orElseThrow().capMicros()))
        : Answer.rejected(rejection);
  }

  @Override
  public Answer approveSmaller(InboxMessage.ApproveSmaller message) {
    String rejection = planRejection(message.planHash());
    if (!rejection.isEmpty()) {
      return Answer.rejected(rejection);
    }
    long asked = state.plan().orElseThrow().capMicros();
    long cap = message.capMicros().orElse(0);
    return cap > 0 && cap < asked
        ? approved(message.header(), message.planHash(), cap)
        : Answer.rejected(
            "a smaller approval needs a cap above 0 and below the plan's " + GpuHours.text(asked));
  }

  @Override
  public Answer reject(InboxMessage.Reject message) {
    return commandedIf(planRejection(message.planHash()), message, Instruction.REJECT, 0);
  }

  @Override
  public Answer pause(InboxMessage.Pause message) {
    String rejection =
        status() == Status.RUNNING ? "" : "the campaign is " + status().id() + ", not running";
    return commandedIf(rejection, message, Instruction.PAUSE, 0);
  }

  @Override
  public Answer resume(InboxMessage.Resume message) {
    String rejection =
        status() == Status.PAUSED || status() == Status.QUARANTINED
            ? ""
            : "the campaign is " + status().id() + ", not paused";
    return commandedIf(rejection, message, Instruction.RESUME, 0);
  }

  @Override
  public Answer halt(InboxMessage.Halt message) {
    String rejection =
        status() == Status.FINISHED || status() == Status.HALTED
            ? "the campaign is " + status().id() + " already"
            : "";
    return commandedIf(rejection, message, Instruction.HALT, 0);
  }

  @Override
  public Answer setBudget(InboxMessage.SetBudget message) {
    return commandedIf(
        budgetRejection(message.capMicros()), message, Instruction.BUDGET, message.capMicros());
  }

  @Override
  public Answer unreadable(InboxMessage.Unreadable message) {
    return Answer.rejected(message.header().comment());
  }

  @Override
  public Answer unknown(InboxMessage.Unknown message) {
    return Answer.rejected("there is no such command");
  }

  private Status status() {
    return state.status();
  }

  /** Returns the reason to reject an answer about this plan; empty if it is valid. */
  private String planRejection(String planHash) {
    if (status() != Status.WAITING_FOR_APPROVAL) {
      return "the campaign is " + status().id() + ", not waiting for approval";
    }
    String newest = state.planHash().orElseThrow();
    if (newest.equals(planHash)) {
      return "";
    }
    return state.planReason().isEmpty()
        ? "plan " + planHash + " is not the newest; that is " + newest
        : "plan "
            + planHash
            + " is no longer valid: plan "
            + newest
            + " took its place ("
            + state.planReason()
            + "); read that one and answer about it";
  }

  private String budgetRejection(long capMicros) {
    if (state.approval().isEmpty()) {
      return "the campaign has no approved budget yet";
    }
    if (state.isOver()) {
      return "the campaign is " + status().id() + " already";
    }
    long bound = state.settledMicros() + state.reservedMicros();
    return capMicros < bound
        ? "that is less than the " + GpuHours.text(bound) + " that are spent and reserved already"
        : "";
  }

  private static Answer approved(InboxMessage.Header header, String planHash, long capMicros) {
    return Answer.accepted(
        new CampaignEvent.Approved(planHash, capMicros, header.by(), header.channel()),
        "plan " + planHash + " is approved by " + header.by());
  }

  private static Answer commandedIf(
      String rejection, InboxMessage message, Instruction instruction, long capMicros) {
    InboxMessage.Header header = message.header();
    return rejection.isEmpty()
        ? Answer.accepted(
            new Commanded(
                instruction.id(), header.by(), header.channel(), header.comment(), capMicros),
            instruction.id() + " by " + header.by())
        : Answer.rejected(rejection);
  }
}
