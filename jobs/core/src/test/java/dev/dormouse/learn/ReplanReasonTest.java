package dev.dormouse.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.campaign.VerdictComparisonBuilder;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.StudyKey;
import dev.dormouse.tick.CampaignNews;
import dev.dormouse.tick.CampaignNews.Ended;
import dev.dormouse.tick.CampaignNews.Waiting;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplanReasonTest {
  private static final CampaignSpec SPEC = ExampleCampaign.spec();
  private static final StudyKey OTHER = new StudyKey("views", "v1", "auc", StudyKey.VALIDATION);
  private static final Waiting WAITING = new Waiting(SPEC, ExampleCampaign.plan(SPEC), "v2-0", 10);

  @Test
  void campaignsOfTheSameStudyComeFirst() {
    assertThat(
            reason(ended("a", SPEC.study(), confirmed(0.0031), 11), ended("b", OTHER, none(), 12)))
        .isEqualTo("replanned: campaign a ended with +0.0031 (confirmed) on the same study");
  }

  @Test
  void otherStudiesMatterToo() {
    assertThat(reason(ended("b", OTHER, none(), 12)))
        .isEqualTo("replanned: campaign b ended (no candidate) on other studies");
    assertThat(reason(ended("b", OTHER, Optional.empty(), 12)))
        .isEqualTo("replanned: campaign b was halted on other studies");
  }

  @Test
  void whatEndedBeforeThePlanIsNoReason() {
    assertThat(reason(ended("a", SPEC.study(), confirmed(0.0031), 9)))
        .isEqualTo("replanned: the lake has runs that the earlier plan did not know");
  }

  @Test
  void ofManyCampaignsThreeAreNamed() {
    assertThat(
            reason(
                ended("a", OTHER, Optional.empty(), 11),
                ended("b", OTHER, Optional.empty(), 12),
                ended("c", OTHER, Optional.empty(), 13),
                ended("d", OTHER, Optional.empty(), 14),
                ended("e", OTHER, Optional.empty(), 15)))
        .isEqualTo(
            "replanned: campaign a was halted, campaign b was halted, campaign c was halted and 2"
                + " more campaigns on other studies");
  }

  private static String reason(Ended... ended) {
    return ReplanReason.of(WAITING, new CampaignNews(List.of(ended), List.of(WAITING)));
  }

  private static Ended ended(String id, StudyKey study, Optional<Verdict> verdict, long commit) {
    CampaignSpec spec =
        new CampaignSpec(
            id,
            study,
            SPEC.objective(),
            SPEC.baseline(),
            SPEC.searchSpace(),
            SPEC.training(),
            SPEC.budget(),
            SPEC.guardrails(),
            SPEC.sources(),
            SPEC.trials());
    return new Ended(spec, verdict, commit);
  }

  private static Optional<Verdict> none() {
    return Optional.of(
        new Verdict(
            Verdict.Kind.NO_CANDIDATE, Optional.empty(), Optional.empty(), Optional.empty(), ""));
  }

  private static Optional<Verdict> confirmed(double gain) {
    return Optional.of(
        new Verdict(
            Verdict.Kind.CONFIRMED,
            Optional.of(SPEC.baseline().with("embedding_dim", "32")),
            Optional.of(VerdictComparisonBuilder.builder().pairs(6).gain(gain).build()),
            Optional.empty(),
            ""));
  }
}
