package org.trainyard.dataprep.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.trainyard.dataprep.tokenize.kernel.Merges;
import org.trainyard.dataprep.tokenize.kernel.Pieces;
import org.trainyard.pipeline.config.Json;

@DisplayName("The vocabulary file of byte-level BPE")
class TokenizerJsonTest {
  /** " t", " th", and "é" from its two bytes. */
  private static final Merges MERGES =
      new Merges(new int[] {2 + ' ', 258, 2 + 0xC3}, new int[] {2 + 't', 2 + 'h', 2 + 0xA9});

  @Test
  void isReadBackAsItWasWritten() {
    assertThat(TokenizerJson.read(TokenizerJson.write(MERGES))).isEqualTo(MERGES);
  }

  @Test
  void saysAllThatOtherToolsNeed() throws Exception {
    JsonNode file = Json.MAPPER.readTree(TokenizerJson.write(MERGES));

    JsonNode model = file.get("model");
    assertThat(model.get("type").asText()).isEqualTo("BPE");
    assertThat(model.get("vocab").get("<|pad|>").intValue()).isEqualTo(0);
    assertThat(model.get("vocab").get("<|begin|>").intValue()).isEqualTo(1);
    assertThat(model.get("vocab").get("Ġth").intValue()).isEqualTo(259);
    assertThat(model.get("vocab").size()).isEqualTo(261);
    assertThat(model.get("merges").get(0).asText()).isEqualTo("Ġ t");
    assertThat(model.get("merges").get(2).asText()).isEqualTo("Ã ©");
    JsonNode cut = file.get("pre_tokenizer").get("pretokenizers");
    assertThat(cut.get(0).get("pattern").get("Regex").asText()).isEqualTo(Pieces.REGEX);
    assertThat(cut.get(1).get("type").asText()).isEqualTo("ByteLevel");
    assertThat(file.get("decoder").get("type").asText()).isEqualTo("ByteLevel");
    assertThat(file.get("added_tokens").size()).isEqualTo(2);
  }

  @Test
  void isRefusedIfAMergeNamesNoToken() {
    String broken = TokenizerJson.write(MERGES).replace("\"Ġt h\"", "\"Ġt zz\"");

    assertThatThrownBy(() -> TokenizerJson.read(broken)).hasMessageContaining("'zz'");
  }
}
