package dev.dormouse.eval.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.forecast.PastResult;
import dev.dormouse.model.Arm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class BorrowedBaselineTest {
  private static final List<Arm> LISTED =
      List.of(arm("fm", "1", "8"), arm("dcn", "1", "8"), arm("dcn", "2", "16"));

  @Test
  void isMostLikeTheBestRunOfTheLargestPastStudy() {
    List<PastResult> history = new ArrayList<>();
    history.add(result("small", arm("fm", "1", "8"), 0.99));
    history.add(result("large", arm("fm", "1", "8"), 0.7));
    history.add(result("large", arm("dcn", "2", "32"), 0.8));
    history.add(result("large", arm("not listed", "2", "32"), 0.9));
    history.add(new PastResult("large", arm("fm", "2", "8"), OptionalDouble.empty()));

    assertThat(BorrowedBaseline.of(LISTED, history)).isEqualTo(LISTED.get(2));
  }

  @Test
  void isTheFirstArmWhereNoPastStudyTriedItsModels() {
    assertThat(BorrowedBaseline.of(LISTED, List.of())).isEqualTo(LISTED.get(0));
    assertThat(BorrowedBaseline.of(LISTED, List.of(result("s", arm("lr", "1", "8"), 0.7))))
        .isEqualTo(LISTED.get(0));
  }

  private static PastResult result(String study, Arm arm, double value) {
    return new PastResult(study, arm, OptionalDouble.of(value));
  }

  private static Arm arm(String model, String depth, String width) {
    return Arm.of(Map.of("model", model, "depth", depth, "width", width));
  }
}
