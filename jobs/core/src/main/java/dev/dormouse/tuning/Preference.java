package dev.dormouse.tuning;

import dev.dormouse.tuning.Outcome.Label;
import dev.dormouse.tuning.PastCampaign.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Two answers to one question, of which one did better by more than the uncertainty of the
 * difference, or gained clearly where the other could not be trained.
 *
 * @param chosen the better answer
 * @param rejected the other one
 * @param difference difference of the gains, metric units; empty if the other one failed
 * @param differenceSd its standard deviation. The baseline is the same for both and cancels.
 */
record Preference(
    Answer chosen, Answer rejected, OptionalDouble difference, OptionalDouble differenceSd) {

  /** Returns all preferences of a campaign, in order of the answers. */
  static List<Preference> of(PastCampaign campaign) {
    List<Preference> preferences = new ArrayList<>();
    for (Answer chosen : campaign.answers()) {
      for (Answer rejected : campaign.answers()) {
        if (rejected.outcome().gain().isPresent()) {
          addIfBetter(chosen, rejected, campaign.noise().sd(), preferences);
        } else if (has(chosen, Label.BETTER) && has(rejected, Label.FAILED)) {
          preferences.add(
              new Preference(chosen, rejected, OptionalDouble.empty(), OptionalDouble.empty()));
        }
      }
    }
    return preferences;
  }

  private static void addIfBetter(
      Answer chosen, Answer rejected, double noise, List<Preference> preferences) {
    if (chosen.outcome().gain().isEmpty()) {
      return;
    }
    double difference =
        chosen.outcome().gain().getAsDouble() - rejected.outcome().gain().orElseThrow();
    double sd = noise * Math.sqrt(1.0 / chosen.outcome().runs() + 1.0 / rejected.outcome().runs());
    if (difference > Outcome.CLEAR * sd) {
      preferences.add(
          new Preference(chosen, rejected, OptionalDouble.of(difference), OptionalDouble.of(sd)));
    }
  }

  private static boolean has(Answer answer, Label label) {
    return answer.outcome().label().filter(label::equals).isPresent();
  }
}
