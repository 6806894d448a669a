package org.trainyard.dataprep.read.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Fields of JSON objects")
class JsonFieldsTest {
  private final JsonFields fields = new JsonFields(List.of("text", "", "id", "meta", "id"));

  private void read(String json) throws JsonFields.Fault {
    byte[] bytes = ("##" + json + "##").getBytes(StandardCharsets.UTF_8);
    fields.read(bytes, 2, bytes.length - 2);
  }

  @Test
  void areReadByNameAndTheRestIsSkippedOver() throws JsonFields.Fault {
    read(
        "{\"other\": {\"text\": [1, {}]}, \"id\": 7, \"text\": \"a\\u00e4\\n\", \"meta\": [1,{\"a\":null}]}");
    assertThat(fields.value(0)).contains("aä\n");
    assertThat(fields.isText(0)).isTrue();
    assertThat(fields.value(1)).isEmpty();
    assertThat(fields.value(2)).contains("7");
    assertThat(fields.isText(2)).isFalse();
    assertThat(fields.value(3)).contains("[1,{\"a\":null}]");
    assertThat(fields.value(4)).contains("7");
  }

  @Test
  void areForgottenByTheNextObject() throws JsonFields.Fault {
    read("{\"text\": \"a\"}");
    read("{\"txt\": \"b\", \"id\": null}");
    assertThat(fields.value(0)).isEmpty();
    assertThat(fields.foundInstead("text", 0)).isEqualTo("no field 'text'; there are txt, id");
    assertThat(fields.foundInstead("id", 2)).isEqualTo("field 'id' is null");
  }

  @Test
  void areNotReadFromWhatIsNoObject() {
    assertThatThrownBy(() -> read("[1]")).hasMessage("no JSON object, but a list");
    assertThatThrownBy(() -> read("\"text\"")).hasMessage("no JSON object, but a text");
    assertThatThrownBy(() -> read("")).hasMessage("no JSON object, but nothing");
    assertThatThrownBy(() -> read("{} {}")).hasMessage("more behind the end of the object");
    assertThatThrownBy(() -> read("{\"text\": \"a"))
        .isInstanceOf(JsonFields.Fault.class)
        .hasMessageContaining("column");
    assertThatThrownBy(() -> read("{\"text\": 'a'}")).isInstanceOf(JsonFields.Fault.class);
    assertThatThrownBy(() -> read("{\"a\":".repeat(2000))).isInstanceOf(JsonFields.Fault.class);
  }
}
