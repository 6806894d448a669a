package org.trainyard.dataprep.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.trainyard.pipeline.record.DataException;

@DisplayName("The format of a file")
class FormatTest {

  @ParameterizedTest
  @CsvSource({
    "a.txt, TEXT",
    "a.TXT.GZ, TEXT",
    "a.b.md, TEXT",
    "a.jsonl, JSONL",
    "a.json.zst, JSONL",
    "a.ndjson, JSONL",
    "part-0.snappy.parquet, PARQUET",
    "a.html, HTML",
    "a.htm.gz, HTML"
  })
  void followsFromItsName(String name, Format format) {
    assertThat(Format.AUTO.of("s3a://bucket/folder.x/" + name)).isEqualTo(format);
  }

  @Test
  void isWhatIsSetWhateverItsName() {
    assertThat(Format.JSONL.of("s3a://bucket/part-00000")).isEqualTo(Format.JSONL);
  }

  @ParameterizedTest
  @CsvSource({"a.pdf", "txt", "a.gz", "folder.txt/a"})
  void isNotGuessed(String name) {
    assertThatThrownBy(() -> Format.AUTO.of("s3a://bucket/" + name))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("s3a://bucket/" + name + ": the name does not tell the format.");
  }
}
