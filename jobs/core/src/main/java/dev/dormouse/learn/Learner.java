package dev.dormouse.learn;

import dev.dormouse.io.SparkLake;
import dev.dormouse.io.TableStore;
import dev.dormouse.learn.LearnSummary.Fate;
import dev.dormouse.learn.LearnSummary.Mining;
import dev.dormouse.learn.LearnSummary.PlanOutcome;
import dev.dormouse.mine.Miner;
import dev.dormouse.mine.MiningSummary;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Plan;
import dev.dormouse.plan.PlanDraft;
import dev.dormouse.tick.CampaignNews;
import dev.dormouse.tick.CampaignNews.Waiting;
import dev.dormouse.tick.Campaigns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns from what campaigns measured: mines runs that are new, then builds the plans that wait for
 * approval again. A plan that comes out different takes the place of the old one, so that an
 * approval of the old one is refused.
 *
 * <p>Whatever is done is done by conditional commits, so a learning may be killed, repeated, or run
 * beside ticks, commands of people and other learnings.
 */
public final class Learner {
  private static final Logger LOG = LoggerFactory.getLogger(Learner.class);

  /** Builds the plan of a campaign again. */
  public interface Replanner {
    /** Returns the plan that the lake leads to now; records nothing of it. */
    PlanDraft again(SparkLake lake, CampaignSpec spec, Plan old);
  }

  private final TableStore store;
  private final CampaignNews news;
  private final Optional<LearnMark> last;
  private final LearnMark now;

  private Learner(TableStore store) {
    this.store = store;
    this.news = CampaignNews.read(store);
    this.last = LearnMark.last(store);
    this.now = LearnMark.of(store, news);
  }

  /** Reads what there is to learn. Needs no Spark. */
  public static Learner of(TableStore store) {
    return new Learner(store);
  }

  /** Returns the campaigns that ended since the last learning, with their ends. */
  public List<String> ended() {
    return LearnMark.endedSince(last, news).stream().map(ReplanReason::text).toList();
  }

  /** Returns whether there is nothing that the last learning did not know. */
  public boolean isUpToDate() {
    return last.filter(now::equals).isPresent() && Miner.isUpToDate(store);
  }

  /** Returns the summary of a learning that has nothing to do. */
  public LearnSummary nothing() {
    return new LearnSummary(List.of(), Optional.empty(), List.of(), List.of());
  }

  /** Learns. */
  public LearnSummary learn(SparkLake lake, Replanner replanner, Instant at) {
    Optional<Mining> mining =
        Miner.isUpToDate(store) ? Optional.empty() : Optional.of(mining(Miner.mine(lake, at)));
    List<PlanOutcome> outcomes = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    LearnMark after = now;
    for (Waiting waiting : news.waiting()) {
      String campaign = waiting.spec().campaignId();
      try {
        PlanOutcome outcome = rebuilt(lake, replanner, waiting, at);
        outcomes.add(outcome);
        after = after.withWaiting(campaign, outcome.newHash());
      } catch (RuntimeException e) {
        LOG.debug("Cannot plan campaign {} again", campaign, e);
        failures.add("Campaign " + campaign + " cannot be planned again: " + e.getMessage());
      }
    }
    if (failures.isEmpty()) {
      after.write(store);
    }
    return new LearnSummary(ended(), mining, outcomes, failures);
  }

  private static Mining mining(MiningSummary mined) {
    return new Mining(mined.runs(), mined.studies(), mined.studiesRead(), mined.insights().size());
  }

  private PlanOutcome rebuilt(SparkLake lake, Replanner replanner, Waiting waiting, Instant at) {
    String campaign = waiting.spec().campaignId();
    PlanDraft draft = replanner.again(lake, waiting.spec(), waiting.plan());
    String newHash = draft.plan().hash();
    if (waiting.plan().hasHash(newHash) || newHash.equals(waiting.planHash())) {
      // A learning that was killed may have left this undone.
      if (!draft.hasRecordedHypotheses(lake)) {
        draft.recordHypotheses(lake, at);
      }
      return new PlanOutcome(campaign, Fate.KEPT, waiting.planHash(), waiting.planHash(), "");
    }
    String reason = ReplanReason.of(waiting, news);
    draft.recordPlan(lake, at);
    if (!Campaigns.replanned(store, campaign, waiting.planHash(), draft.plan(), reason, at)) {
      return new PlanOutcome(campaign, Fate.ANSWERED, waiting.planHash(), waiting.planHash(), "");
    }
    draft.recordHypotheses(lake, at);
    return new PlanOutcome(campaign, Fate.REPLACED, waiting.planHash(), newHash, reason);
  }
}
