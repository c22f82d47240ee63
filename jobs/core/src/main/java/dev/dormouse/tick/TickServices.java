package dev.dormouse.tick;

import dev.dormouse.campaign.Decider;
import dev.dormouse.io.KernelLake;
import dev.dormouse.io.TableStore;
import dev.dormouse.training.TrainingBackend;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The services that a tick uses.
 *
 * @param store the lake
 * @param backend runs the trainings
 * @param outbox publishes results; without one they wait in the lake
 * @param marks records which campaign a tick works on
 * @param rule the decision rule
 * @param decisionTimeout how long one campaign's decision may take; zero means no limit
 * @param clock the current time
 * @param commitsBetweenSnapshots number of commits after a {@link Snapshot} until the next
 * @param ids makes unique ids of ticks
 */
public record TickServices(
    TableStore store,
    TrainingBackend backend,
    Optional<Outbox> outbox,
    TickMarks marks,
    Decider.Rule rule,
    Duration decisionTimeout,
    Clock clock,
    int commitsBetweenSnapshots,
    Supplier<String> ids) {
  private static final int COMMITS_BETWEEN_SNAPSHOTS = 50;
  private static final Duration DECISION_TIMEOUT = Duration.ofSeconds(60);

  /** Returns the services of a real tick on a lake of this machine. */
  public static TickServices of(
      KernelLake lake, TrainingBackend backend, Optional<Outbox> outbox, Clock clock) {
    return new TickServices(
        lake,
        backend,
        outbox,
        new FileMarks(lake.root().resolve("_ticks"), hostName(), clock),
        Decider::decide,
        DECISION_TIMEOUT,
        clock,
        COMMITS_BETWEEN_SNAPSHOTS,
        () -> UUID.randomUUID().toString());
  }

  private static String hostName() {
    return Optional.ofNullable(System.getenv("HOSTNAME")).filter(n -> !n.isBlank()).orElse("local");
  }
}
