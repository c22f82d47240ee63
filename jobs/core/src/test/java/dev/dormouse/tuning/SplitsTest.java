package dev.dormouse.tuning;

import static dev.dormouse.tuning.SampleCampaigns.campaign;
import static dev.dormouse.tuning.SampleCampaigns.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.tuning.Splits.Split;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SplitsTest {
  @Test
  void theTestSplitIsLaterAndOfOtherFamilies() {
    Splits splits =
        Splits.of(
            List.of(
                campaign("a1", "a", 0, 2, 4),
                campaign("b1", "b", 3, 5, 4),
                campaign("c1", "c", 6, 8, 2),
                campaign("d1", "d", 9, 11, 2)));

    assertThat(ids(splits.of(Split.TRAIN))).containsExactly("a1", "b1");
    assertThat(ids(splits.of(Split.VALIDATION))).containsExactly("c1");
    assertThat(ids(splits.of(Split.TEST))).containsExactly("d1");
    assertThat(splits.leftOut()).isEmpty();
  }

  @Test
  void whatLiesOnTheWrongSideOfItsFamilyIsLeftOut() {
    Splits splits =
        Splits.of(
            List.of(
                campaign("a1", "a", 0, 2, 8),
                campaign("a2", "a", 9, 11, 1),
                campaign("b1", "b", 9, 11, 3),
                campaign("across", "c", 1, 10, 1)));

    assertThat(ids(splits.of(Split.TRAIN))).containsExactly("a1");
    assertThat(ids(splits.of(Split.TEST))).containsExactly("b1");
    assertThat(ids(splits.leftOut())).containsExactly("across", "a2");
  }

  @Test
  void oneFamilyAloneIsForTraining() {
    Splits splits = Splits.of(List.of(campaign("a1", "a", 0, 2, 4), campaign("a2", "a", 3, 5, 4)));

    assertThat(ids(splits.of(Split.TRAIN))).containsExactly("a1", "a2");
    assertThat(splits.of(Split.TEST)).isEmpty();
    assertThat(Splits.of(List.of()).of(Split.TRAIN)).isEmpty();
  }

  @Test
  void anyCampaignsKeepTheRulesAndTheirOrderDoesNotMatter() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<PastCampaign> campaigns = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(12); i++) {
        int from = random.nextInt(40);
        String family = "f" + random.nextInt(5);
        campaigns.add(
            campaign("c" + i, family, from, from + 1 + random.nextInt(6), 1 + random.nextInt(9)));
      }
      Splits splits = Splits.of(campaigns);

      Set<String> families = new HashSet<>();
      int placed = splits.leftOut().size();
      for (Split split : Split.values()) {
        Set<String> own =
            splits.of(split).stream().map(PastCampaign::family).collect(Collectors.toSet());
        assertThat(Collections.disjoint(families, own)).isTrue();
        families.addAll(own);
        placed += splits.of(split).size();
      }
      assertThat(placed).isEqualTo(campaigns.size());
      assertThat(splits.of(Split.TRAIN)).isNotEmpty();
      for (PastCampaign later : splits.of(Split.TEST)) {
        Instant asked = later.askedAt();
        assertThat(splits.of(Split.TRAIN)).allMatch(one -> one.endedAt().isBefore(asked));
        assertThat(splits.of(Split.VALIDATION)).allMatch(one -> one.endedAt().isBefore(asked));
      }
      Collections.shuffle(campaigns, random);
      assertThat(Splits.of(campaigns)).isEqualTo(splits);
    }
  }
}
