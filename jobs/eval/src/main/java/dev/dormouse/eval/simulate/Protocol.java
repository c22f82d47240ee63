package dev.dormouse.eval.simulate;

import dev.dormouse.campaign.Decider;
import dev.dormouse.io.TableStore;
import dev.dormouse.tick.Outbox;
import dev.dormouse.tick.TickMarks;
import dev.dormouse.training.TrainingBackend;
import java.time.Clock;
import java.util.Random;

/**
 * How a tick is put together. The real one takes every part as it is; deliberately broken ones,
 * which show that the simulation notices, replace one.
 */
public interface Protocol {
  /** The real protocol. */
  Protocol REAL = new Protocol() {};

  /** The lake as the tick sees it. */
  default TableStore store(TableStore real, Random random) {
    return real;
  }

  /** The training backend as the tick sees it. */
  default TrainingBackend backend(TrainingBackend real, Clock clock, Random random) {
    return real;
  }

  /** What decides. */
  default Decider.Rule rule(Decider.Rule real, TrainingBackend backend) {
    return real;
  }

  /** The tracking server as the tick sees it. */
  default Outbox outbox(Outbox real) {
    return real;
  }

  /** What ticks leave behind. */
  default TickMarks marks(TickMarks real) {
    return real;
  }
}
