package dev.dormouse.campaign;

import java.time.Instant;
import java.util.OptionalLong;

/** A person's request to a campaign. */
public sealed interface InboxMessage {
  /** Sender of messages that no person sent: a time-out. */
  String NOBODY = "nobody";

  /**
   * The parts that every message has.
   *
   * @param messageId unique
   * @param campaignId the campaign
   * @param by who asked, or {@link InboxMessage#NOBODY}
   * @param at when
   * @param channel cli, airflow or mlflow
   * @param comment what the person said
   */
  record Header(
      String messageId, String campaignId, String by, Instant at, String channel, String comment) {}

  /** The parts that every message has. */
  Header header();

  /** The name of this kind of message as stored in the inbox, e.g. {@code approve_smaller}. */
  String kind();

  /** Handles this kind of message. */
  <R> R accept(Visitor<R> visitor);

  /** The message's unique id. */
  default String messageId() {
    return header().messageId();
  }

  /** The campaign that the message is for. */
  default String campaignId() {
    return header().campaignId();
  }

  /** Handles each kind of message. */
  interface Visitor<R> {
    /** Handles a message of type {@link Approve}. */
    R approve(Approve message);

    /** Handles a message of type {@link ApproveSmaller}. */
    R approveSmaller(ApproveSmaller message);

    /** Handles a message of type {@link Reject}. */
    R reject(Reject message);

    /** Handles a message of type {@link Pause}. */
    R pause(Pause message);

    /** Handles a message of type {@link Resume}. */
    R resume(Resume message);

    /** Handles a message of type {@link Halt}. */
    R halt(Halt message);

    /** Handles a message of type {@link SetBudget}. */
    R setBudget(SetBudget message);

    /** Handles a message of type {@link Unreadable}. */
    R unreadable(Unreadable message);

    /** Handles a message of type {@link Unknown}. */
    R unknown(Unknown message);
  }

  /**
   * Approves a plan.
   *
   * @param capMicros the approved cap in micro-GPU-hours; empty for the plan's
   */
  record Approve(Header header, String planHash, OptionalLong capMicros) implements InboxMessage {
    /** The stored name. */
    public static final String KIND = "approve";

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.approve(this);
    }
  }

  /**
   * Approves a plan with a cap that must be smaller than the plan's.
   *
   * @param capMicros the approved cap in micro-GPU-hours; an empty one is refused
   */
  record ApproveSmaller(Header header, String planHash, OptionalLong capMicros)
      implements InboxMessage {
    /** The stored name. */
    public static final String KIND = "approve_smaller";

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.approveSmaller(this);
    }
  }

  /** Rejects a plan. */
  record Reject(Header header, String planHash) implements InboxMessage {
    /** The stored name. */
    public static final String KIND = "reject";

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.reject(this);
    }
  }

  /** Launches nothing new until resumed. */
  record Pause(Header header) implements InboxMessage {
    /** The stored name. */
    public static final String KIND = "pause";

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.pause(this);
    }
  }

  /** Continues after a pause or a quarantine. */
  record Resume(Header header) implements InboxMessage {
    /** The stored name. */
    public static final String KIND = "resume";

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.resume(this);
    }
  }

  /** Ends the campaign and stops its runs. */
  record Halt(Header header) implements InboxMessage {
    /** The stored name. */
    public static final String KIND = "halt";

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.halt(this);
    }
  }

  /** Sets another cap, in micro-GPU-hours. */
  record SetBudget(Header header, long capMicros) implements InboxMessage {
    /** The stored name. */
    public static final String KIND = "budget";

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.setBudget(this);
    }
  }

  /** The meaning of a person's answer could not be read; the comment says why. */
  record Unreadable(Header header) implements InboxMessage {
    /** The stored name. */
    public static final String KIND = "unreadable";

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.unreadable(this);
    }
  }

  /**
   * A message of a kind that this version does not know; it is refused.
   *
   * @param kind the stored name
   */
  record Unknown(Header header, String kind) implements InboxMessage {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.unknown(this);
    }
  }
}
