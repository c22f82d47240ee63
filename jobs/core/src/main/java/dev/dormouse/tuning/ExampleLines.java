package dev.dormouse.tuning;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.dormouse.table.Json;
import dev.dormouse.tuning.Outcome.Label;
import dev.dormouse.tuning.PastCampaign.Answer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Writes examples as lines of JSON: for TRL with columns of outcomes, for providers' fine-tuning
 * services with messages alone, since these refuse unknown keys.
 */
final class ExampleLines {
  /** One form for all times, so that readers which guess types guess the same in each file. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private ExampleLines() {}

  private record Message(String role, String content) {}

  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  private record Chat(
      List<Message> messages,
      String label,
      OptionalDouble gain,
      OptionalDouble gainSd,
      String status,
      int runs,
      String metric,
      double noiseSd,
      int baselineRuns,
      String source,
      String study,
      String studyFamily,
      String campaignId,
      String hypothesisId,
      String plannedAt,
      String endedAt,
      String replySchema) {}

  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  private record Pair(
      List<Message> prompt,
      List<Message> chosen,
      List<Message> rejected,
      OptionalDouble gainDifference,
      OptionalDouble gainDifferenceSd,
      OptionalDouble chosenGain,
      OptionalDouble chosenGainSd,
      OptionalDouble rejectedGain,
      OptionalDouble rejectedGainSd,
      String rejectedStatus,
      String metric,
      double noiseSd,
      String study,
      String studyFamily,
      String campaignId,
      String chosenHypothesisId,
      String rejectedHypothesisId,
      String chosenSource,
      String rejectedSource,
      String plannedAt,
      String endedAt,
      String replySchema) {}

  private record ProviderChat(List<Message> messages) {}

  private record ProviderPair(
      ProviderChat input,
      @JsonProperty("preferred_output") List<Message> preferred,
      @JsonProperty("non_preferred_output") List<Message> other) {}

  /** Returns a line for each answer: question, answer and outcome. */
  static List<String> chat(PastCampaign campaign) {
    return campaign.answers().stream().map(answer -> chat(campaign, answer)).toList();
  }

  private static String chat(PastCampaign campaign, Answer answer) {
    Outcome outcome = answer.outcome();
    return Json.write(
        new Chat(
            dialogue(campaign, answer),
            outcome.label().orElseThrow().id(),
            outcome.gain(),
            outcome.gainSd(),
            outcome.status().id(),
            outcome.runs(),
            campaign.metric(),
            campaign.noise().sd(),
            campaign.noise().baselineRuns(),
            answer.source(),
            campaign.study(),
            campaign.family(),
            campaign.campaignId(),
            answer.hypothesisId(),
            TIME.format(campaign.askedAt()),
            TIME.format(outcome.endedAt()),
            campaign.question().schema()));
  }

  /** Returns a line for each preference. */
  static List<String> preferences(PastCampaign campaign) {
    return Preference.of(campaign).stream().map(pair -> pair(campaign, pair)).toList();
  }

  private static String pair(PastCampaign campaign, Preference pair) {
    Outcome chosen = pair.chosen().outcome();
    Outcome rejected = pair.rejected().outcome();
    return Json.write(
        new Pair(
            question(campaign),
            reply(pair.chosen()),
            reply(pair.rejected()),
            pair.difference(),
            pair.differenceSd(),
            chosen.gain(),
            chosen.gainSd(),
            rejected.gain(),
            rejected.gainSd(),
            rejected.status().id(),
            campaign.metric(),
            campaign.noise().sd(),
            campaign.study(),
            campaign.family(),
            campaign.campaignId(),
            pair.chosen().hypothesisId(),
            pair.rejected().hypothesisId(),
            pair.chosen().source(),
            pair.rejected().source(),
            TIME.format(campaign.askedAt()),
            TIME.format(later(chosen.endedAt(), rejected.endedAt())),
            campaign.question().schema()));
  }

  /** Returns a line without columns for each answer that gained clearly. */
  static List<String> providerChat(PastCampaign campaign) {
    return campaign.answers().stream()
        .filter(answer -> answer.outcome().label().filter(Label.BETTER::equals).isPresent())
        .map(answer -> Json.write(new ProviderChat(dialogue(campaign, answer))))
        .toList();
  }

  /** Returns a line without columns for each preference. */
  static List<String> providerPreferences(PastCampaign campaign) {
    return Preference.of(campaign).stream()
        .map(
            pair ->
                Json.write(
                    new ProviderPair(
                        new ProviderChat(question(campaign)),
                        reply(pair.chosen()),
                        reply(pair.rejected()))))
        .toList();
  }

  private static List<Message> question(PastCampaign campaign) {
    return List.of(
        new Message("system", campaign.question().system()),
        new Message("user", campaign.question().prompt()));
  }

  private static List<Message> reply(Answer answer) {
    return List.of(new Message("assistant", answer.json()));
  }

  private static List<Message> dialogue(PastCampaign campaign, Answer answer) {
    return List.of(
        new Message("system", campaign.question().system()),
        new Message("user", campaign.question().prompt()),
        new Message("assistant", answer.json()));
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
