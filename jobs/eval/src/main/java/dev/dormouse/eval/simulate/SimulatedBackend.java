package dev.dormouse.eval.simulate;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Observation;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.training.TrainingBackend;
import dev.dormouse.training.TrainingBackendException;
import java.io.IOException;
import java.time.Duration;

/** The cluster as one process reaches it: requests are refused, lost, late or duplicated. */
final class SimulatedBackend implements TrainingBackend {
  private static final double REFUSED = 0.15;
  private static final double LATE = 0.15;
  private static final double DUPLICATE = 0.25;
  private static final double LOST_REPLY = 0.15;
  private static final double NO_ANSWER = 0.3;
  private static final int LONGEST_DELAY_MINUTES = 180;

  private final SimulatedCluster cluster;
  private final SimulatedProcess process;
  private final Chaos chaos;
  private final boolean outage;

  SimulatedBackend(
      SimulatedCluster cluster, SimulatedProcess process, Chaos chaos, boolean outage) {
    this.cluster = cluster;
    this.process = process;
    this.chaos = chaos;
    this.outage = outage;
  }

  @Override
  public String launch(CampaignSpec spec, Command.Launch launch) {
    process.point("before launch");
    if (outage || chaos.occurs(Chaos.Fault.REFUSED_LAUNCH, REFUSED)) {
      throw failed("503");
    }
    if (chaos.occurs(Chaos.Fault.LATE_POST, LATE)) {
      cluster.postLater(delay(), spec, launch);
      throw failed("no answer in time");
    }
    cluster.start(spec, launch);
    if (chaos.occurs(Chaos.Fault.DUPLICATE_POST, DUPLICATE)) {
      cluster.postLater(delay(), spec, launch);
    }
    process.point("after launch");
    if (chaos.occurs(Chaos.Fault.LOST_LAUNCH_REPLY, LOST_REPLY)) {
      throw failed("connection reset");
    }
    return "job:" + launch.key().runId();
  }

  private Duration delay() {
    return Duration.ofMinutes(1 + chaos.random().nextInt(LONGEST_DELAY_MINUTES));
  }

  private static TrainingBackendException failed(String why) {
    return new TrainingBackendException("Cannot launch: " + why, new IOException(why));
  }

  @Override
  public Observation observe(CampaignSpec spec, Attempt attempt) {
    process.point("observe");
    if (outage || chaos.occurs(Chaos.Fault.NO_ANSWER, NO_ANSWER)) {
      return new Observation.Unknown(attempt.key(), "no answer");
    }
    return cluster.observe(attempt.key());
  }

  @Override
  public void stop(CampaignSpec spec, Command.Stop stop) {
    process.point("before stop");
    if (outage || chaos.occurs(Chaos.Fault.REFUSED_LAUNCH, REFUSED)) {
      throw failed("503");
    }
    cluster.stop(stop.key());
    process.point("after stop");
  }
}
