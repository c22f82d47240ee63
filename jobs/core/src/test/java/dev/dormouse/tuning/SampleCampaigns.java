package dev.dormouse.tuning;

import dev.dormouse.model.RunStatus;
import dev.dormouse.tuning.PastCampaign.Answer;
import dev.dormouse.tuning.PastCampaign.Noise;
import dev.dormouse.tuning.PastCampaign.Question;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;

/** Past campaigns without a lake. */
final class SampleCampaigns {
  static final double NOISE = 0.001;
  static final int BASELINE_RUNS = 3;
  private static final Instant DAY_ONE = Instant.parse("2026-01-01T00:00:00Z");

  private SampleCampaigns() {}

  static Instant day(int day) {
    return DAY_ONE.plus(day, ChronoUnit.DAYS);
  }

  /** A campaign that was planned at a day and ended at another, with equal answers. */
  static PastCampaign campaign(String id, String family, int from, int to, int answers) {
    return campaign(
        id,
        family,
        from,
        IntStream.range(0, answers).mapToObj(i -> answer("h" + i, 0.004, to)).toList());
  }

  static PastCampaign campaign(String id, String family, int from, List<Answer> answers) {
    return new PastCampaign(
        id,
        family + "/v1:auc@validation",
        family,
        "auc",
        day(from),
        new Question("system", "prompt", "{}"),
        new Noise(NOISE, BASELINE_RUNS),
        answers,
        Set.of("CC0"));
  }

  static Answer answer(String id, double gain, int endedAt) {
    return new Answer(
        id,
        "history",
        "{\"ideas\":[\"" + id + "\"]}",
        new Outcome(
            RunStatus.OK,
            OptionalDouble.of(gain),
            OptionalDouble.of(NOISE * Math.sqrt(1 + 1.0 / BASELINE_RUNS)),
            1,
            day(endedAt)));
  }

  static Answer failed(String id, RunStatus status) {
    return new Answer(
        id,
        "research",
        "{\"ideas\":[\"" + id + "\"]}",
        new Outcome(status, OptionalDouble.empty(), OptionalDouble.empty(), 0, day(1)));
  }

  static List<String> ids(List<PastCampaign> campaigns) {
    return campaigns.stream().map(PastCampaign::campaignId).toList();
  }

  static List<Answer> answers(Answer... answers) {
    return Arrays.asList(answers);
  }
}
