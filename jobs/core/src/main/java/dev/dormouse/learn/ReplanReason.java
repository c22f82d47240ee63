package dev.dormouse.learn;

import dev.dormouse.campaign.Verdict;
import dev.dormouse.campaign.Verdict.Comparison;
import dev.dormouse.tick.CampaignNews;
import dev.dormouse.tick.CampaignNews.Ended;
import dev.dormouse.tick.CampaignNews.Waiting;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tells people why a plan was replaced. Pure. */
final class ReplanReason {
  private static final int MOST_NAMED = 3;

  private ReplanReason() {}

  /** Returns the reason as part of a sentence. */
  static String of(Waiting waiting, CampaignNews news) {
    List<Ended> since =
        news.ended().stream().filter(ended -> ended.commit() > waiting.commit()).toList();
    List<Ended> sameStudy =
        since.stream()
            .filter(ended -> ended.spec().study().equals(waiting.spec().study()))
            .toList();
    if (!sameStudy.isEmpty()) {
      return "replanned: " + named(sameStudy) + " on the same study";
    }
    return since.isEmpty()
        ? "replanned: the lake has runs that the earlier plan did not know"
        : "replanned: " + named(since) + " on other studies";
  }

  private static String named(List<Ended> ended) {
    String names =
        ended.stream().limit(MOST_NAMED).map(ReplanReason::text).collect(Collectors.joining(", "));
    return ended.size() > MOST_NAMED
        ? names + " and " + (ended.size() - MOST_NAMED) + " more campaigns"
        : names;
  }

  /** Returns a campaign with its end. */
  static String text(Ended ended) {
    String campaign = "campaign " + ended.spec().campaignId();
    if (ended.verdict().isEmpty()) {
      return campaign + " was halted";
    }
    Verdict verdict = ended.verdict().get();
    Optional<Comparison> measured = verdict.test().or(verdict::validation);
    return measured.isEmpty()
        ? campaign + " ended (" + verdict.kind().text() + ")"
        : String.format(
            Locale.ROOT,
            "%s ended with %+.4f (%s)",
            campaign,
            measured.get().gain(),
            verdict.kind().text());
  }
}
