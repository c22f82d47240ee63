package dev.dormouse.summary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.report.SampleCampaign;
import dev.dormouse.table.Json;
import org.junit.jupiter.api.Test;

class CampaignSummaryTest {
  private final SampleCampaign sample = SampleCampaign.finished();

  @Test
  void aFinishedCampaignShowsWhatTheConfirmationFound() {
    CampaignSummary summary = CampaignSummary.of(sample.state());
    Verdict.Comparison confirmed =
        sample.state().verdict().orElseThrow().validation().orElseThrow();
    assertThat(summary.conclusion().verdict()).contains("confirmed");
    assertThat(summary.results().gain().orElseThrow().basis()).isEqualTo("confirmation");
    assertThat(summary.results().gain().orElseThrow().mean()).isEqualTo(confirmed.gain());
    assertThat(summary.results().gain().orElseThrow().pairs()).isEqualTo(8);
    assertThat(summary.results().baseline().orElseThrow().mean())
        .isEqualTo(confirmed.baselineMean());
    assertThat(summary.results().winner().orElseThrow().changes())
        .contains("learning_rate: 0.001 -> 0.003");
    assertThat(summary.budget().usedGpuHours()).isBetween(0.1, summary.budget().capGpuHours());
    assertThat(summary.waiting().openTrials()).isEmpty();
  }

  @Test
  void phasesCountTrialsNotAttempts() {
    assertThat(CampaignSummary.of(sample.state()).phases())
        .containsExactly(
            new CampaignSummary.PhaseCounts("baseline", 5, 5, 0, 0),
            new CampaignSummary.PhaseCounts("validation", 8, 6, 2, 0),
            new CampaignSummary.PhaseCounts("combination", 4, 3, 0, 0),
            new CampaignSummary.PhaseCounts("exploitation", 6, 4, 0, 0),
            new CampaignSummary.PhaseCounts("confirmation", 16, 16, 0, 0));
  }

  @Test
  void aCampaignThatWaitsShowsWhichPlanItWaitsFor() {
    CampaignState waiting = sample.stateAfter(2);
    CampaignSummary summary = CampaignSummary.of(waiting);
    assertThat(summary.waiting().pendingApproval()).contains(waiting.planHash().orElseThrow());
    assertThat(summary.results().gain()).isEmpty();
    assertThat(CampaignText.of(summary))
        .contains("for approval of plan " + waiting.planHash().orElseThrow())
        .contains("none approved yet");
  }

  @Test
  void aGainOfTheSearchIsCalledUnconfirmed() {
    CampaignSummary summary = CampaignSummary.of(sample.stateAfter(30));
    assertThat(summary.results().gain().orElseThrow().basis()).isEqualTo("search");
    assertThat(CampaignText.of(summary)).contains("best of the search, not confirmed");
  }

  @Test
  void theSummaryIsValidJsonAtEveryPointOfACampaign() throws Exception {
    for (int events = 0; events <= sample.events().size(); events++) {
      CampaignSummary summary = CampaignSummary.of(sample.stateAfter(events));
      JsonNode json = Json.mapper().readTree(Json.write(summary));
      assertThat(json.toString()).doesNotContain("NaN").doesNotContain("Infinity");
      assertThat(json.get("campaign").asText()).isEqualTo("ctr-q3");
      assertThat(json.get("budget").has("cap_gpu_hours")).isTrue();
    }
  }

  @Test
  void theTextFitsATerminal() {
    assertThat(CampaignText.of(CampaignSummary.of(sample.state())).lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120))
        .anySatisfy(line -> assertThat(line).contains("validation", "8", "6", "2"))
        .anySatisfy(line -> assertThat(line).contains("verdict", "confirmed"));
  }
}
