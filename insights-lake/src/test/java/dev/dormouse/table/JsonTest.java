package dev.dormouse.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.model.CampaignSpec.LlmUse;
import dev.dormouse.model.CampaignSpec.Sources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
  @ParameterizedTest
  @CsvSource({"AUTO, auto", "ALWAYS, true", "NEVER, false"})
  void theUseOfLanguageModelsIsWrittenAsInCampaignFiles(LlmUse use, String id) {
    String json = "{\"history\":true,\"research\":false,\"llm\":\"" + id + "\"}";

    assertThat(Json.write(new Sources(true, false, use))).isEqualTo(json);
    assertThat(Json.read(json, Sources.class)).isEqualTo(new Sources(true, false, use));
  }
}
