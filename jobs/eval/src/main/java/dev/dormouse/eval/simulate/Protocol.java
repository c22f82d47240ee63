package dev.dormouse.eval.simulate;

import dev.dormouse.campaign.Decider;
import dev.dormouse.io.TableStore;
import dev.dormouse.tick.Outbox;
import dev.dormouse.tick.TickMarks;
import dev.dormouse.training.TrainingBackend;
import java.time.Clock;
import java.util.Random;

/**
 * Assembles the parts of a tick. The real protocol uses every part as it is; deliberately broken
 * ones replace a part, to show that the simulation detects the fault.
 */
public interface Protocol {
  /** The real protocol. */
  Protocol REAL = new Protocol() {};

  /** Returns the store that the tick uses. */
  default TableStore store(TableStore real, Random random) {
    return real;
  }

  /** Returns the training backend that the tick uses. */
  default TrainingBackend backend(TrainingBackend real, Clock clock, Random random) {
    return real;
  }

  /** Returns the rule that decides. */
  default Decider.Rule rule(Decider.Rule real, TrainingBackend backend) {
    return real;
  }

  /** Returns the outbox that the tick uses. */
  default Outbox outbox(Outbox real) {
    return real;
  }

  /** Returns the crash marks that the tick uses. */
  default TickMarks marks(TickMarks real) {
    return real;
  }
}
