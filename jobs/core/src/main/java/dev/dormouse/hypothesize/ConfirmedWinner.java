package dev.dormouse.hypothesize;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Change;
import dev.dormouse.search.Outlook;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The winner that an earlier campaign of a study confirmed.
 *
 * @param campaignId the campaign
 * @param baseline its baseline
 * @param winner the arm
 * @param gain mean gain over that baseline, in metric units
 * @param low lower end of the gain's 95% interval
 * @param high upper end of it
 * @param pairs fresh seed pairs that it rests on
 */
public record ConfirmedWinner(
    String campaignId, Arm baseline, Arm winner, double gain, double low, double high, int pairs) {

  /**
   * Suggests the best of the winners as the baseline of a campaign, in a sentence; empty if none of
   * them beats the campaign's baseline.
   *
   * @param baseline the campaign's baseline
   */
  static Optional<String> suggestion(List<ConfirmedWinner> winners, Arm baseline, Outlook outlook) {
    return winners.stream()
        .filter(confirmed -> !confirmed.winner().equals(baseline))
        .filter(confirmed -> confirmed.beats(baseline, outlook))
        .max(
            Comparator.comparingDouble((ConfirmedWinner c) -> outlook.of(c.winner()).gain())
                .thenComparing(ConfirmedWinner::campaignId))
        .map(confirmed -> confirmed.sentence(baseline));
  }

  private boolean beats(Arm other, Outlook outlook) {
    return baseline.equals(other) || outlook.of(winner).gain() > 0;
  }

  private String sentence(Arm other) {
    String changes =
        winner.changesFrom(other).stream().map(Change::toString).collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "Campaign %s confirmed %s: %+.5f over %s, 95%% interval [%+.5f, %+.5f] over %d fresh seed"
            + " pairs. Consider it as the baseline of a new campaign.",
        campaignId,
        changes,
        gain,
        baseline.equals(other) ? "this baseline" : "its own baseline",
        low,
        high,
        pairs);
  }
}
