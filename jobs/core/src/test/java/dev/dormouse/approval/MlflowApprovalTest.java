package dev.dormouse.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignFold;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.Decider;
import dev.dormouse.campaign.Decision;
import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Plan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowApprovalTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static List<InboxMessage> answers(CampaignState state, String tag) {
    return new MlflowApproval(campaign -> Optional.of(tag)).answers(List.of(state), NOW);
  }

  private static CampaignState waiting() {
    CampaignSpec spec = ExampleCampaign.spec();
    Plan plan = ExampleCampaign.plan(spec);
    return folded(
        CampaignState.unknown(ExampleCampaign.ID),
        List.of(
            new CampaignEvent.Created(spec, "ann", Decider.RULES), CampaignEvent.Planned.of(plan)));
  }

  private static CampaignState folded(CampaignState state, List<CampaignEvent> events) {
    CampaignFold fold = new CampaignFold(state);
    events.forEach(event -> fold.add(fold.lastSeq() + 1, NOW, event));
    return fold.state();
  }

  @Test
  void aTagApprovesAPlanWithItsCap() {
    CampaignState waiting = waiting();
    String hash = waiting.planHash().orElseThrow();

    InboxMessage message =
        answers(waiting, " approve " + hash + " cap 0.5 by Ann Lee: looks good ").get(0);

    assertThat(message.header().by()).isEqualTo("Ann Lee");
    assertThat(message.header().comment()).isEqualTo("looks good");
    assertThat(message)
        .isEqualTo(new InboxMessage.Approve(message.header(), hash, OptionalLong.of(500_000)));
    Decision decision = Decider.decide(waiting, List.of(), List.of(message), NOW);
    CampaignState approved = folded(waiting, decision.events());
    assertThat(approved.approval().orElseThrow().by()).isEqualTo("Ann Lee");
    assertThat(answers(approved, "reject " + hash + " by bob"))
        .as("after the approval the tag is not looked at any more")
        .isEmpty();
  }

  @Test
  void theSameWordsAreTheSameMessage() {
    CampaignState waiting = waiting();
    assertThat(answers(waiting, "reject 12ab by bob").get(0).messageId())
        .isEqualTo(answers(waiting, "reject 12ab by bob").get(0).messageId())
        .isNotEqualTo(answers(waiting, "reject 12ab by ann").get(0).messageId());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"yes", "approve", "approve 12ab", "approve by ann", "approve 12ab cap x by ann"})
  void whatCannotBeReadIsRefusedWithTheRightForm(String tag) {
    CampaignState waiting = waiting();
    Decision decision = Decider.decide(waiting, List.of(), answers(waiting, tag), NOW);
    assertThat(decision.explanation())
        .singleElement()
        .asString()
        .contains("'" + tag + "'")
        .contains("it must say 'approve PLAN by NAME'");
  }
}
