package dev.dormouse.cli;

import dev.dormouse.config.Deployment;
import dev.dormouse.io.KernelLake;
import dev.dormouse.publish.MlflowOutbox;
import dev.dormouse.tick.Outbox;
import dev.dormouse.tick.TickServices;
import dev.dormouse.tick.Ticker;
import dev.dormouse.training.LocalBackend;
import java.time.Clock;
import java.util.Optional;

/** Puts together what a deployment names. */
final class Services {
  private Services() {}

  static Ticker ticker(KernelLake lake, Deployment deployment) {
    return new Ticker(
        TickServices.of(lake, backend(deployment), outbox(deployment), Clock.systemUTC()));
  }

  static LocalBackend backend(Deployment deployment) {
    return new LocalBackend(deployment.workDir(), Clock.systemUTC());
  }

  static Optional<Outbox> outbox(Deployment deployment) {
    return deployment.mlflow().map(MlflowOutbox::new);
  }
}
