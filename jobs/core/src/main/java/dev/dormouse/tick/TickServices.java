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
 * The world around a tick.
 *
 * @param store the lake
 * @param backend runs the trainings
 * @param outbox where results are shown; without one they wait in the lake
 * @param marks tells which campaign may have killed a tick
 * @param rule decides
 * @param patience how long one campaign's decision may take; zero: as long as it likes
 * @param clock tells the time
 * @param commitsBetweenSnapshots how many commits may follow a {@link Snapshot} before the next
 * @param ids names ticks, each differently
 */
public record TickServices(
    TableStore store,
    TrainingBackend backend,
    Optional<Outbox> outbox,
    TickMarks marks,
    Decider.Rule rule,
    Duration patience,
    Clock clock,
    int commitsBetweenSnapshots,
    Supplier<String> ids) {
  private static final int COMMITS_BETWEEN_SNAPSHOTS = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The real ones, around a lake on this machine. */
  public static TickServices of(
      KernelLake lake, TrainingBackend backend, Optional<Outbox> outbox, Clock clock) {
    return new TickServices(
        lake,
        backend,
        outbox,
        new FileMarks(lake.root().resolve("_ticks"), hostName(), clock),
        Decider::decide,
        PATIENCE,
        clock,
        COMMITS_BETWEEN_SNAPSHOTS,
        () -> UUID.randomUUID().toString());
  }

  private static String hostName() {
    return Optional.ofNullable(System.getenv("HOSTNAME")).filter(n -> !n.isBlank()).orElse("local");
  }
}
