package org.trainyard.training.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;

@DisplayName("A safetensors file")
class SafeTensorsTest {
  private final Storage storage = new Storage(new Configuration());
  @TempDir private java.nio.file.Path folder;
  private java.nio.file.Path local;
  private Path file;

  @BeforeEach
  void place() {
    local = folder.resolve("some.safetensors");
    file = new Path(local.toUri());
  }

  private void write() {
    SafeTensors.write(
        storage,
        file,
        Map.of("made-by", "a test"),
        List.of(
            new SafeTensors.Array("a", new int[] {2, 1}, new float[] {1, -0.5f}),
            new SafeTensors.Array("b", new int[] {3}, new float[] {Float.NaN, 0, 1e-40f})));
  }

  @Test
  void givesBackWhatWasWrittenBitForBit() throws IOException {
    write();
    try (SafeTensors read = SafeTensors.open(storage, file)) {
      assertThat(read.names()).containsExactly("a", "b");
      assertThat(read.metadata()).containsExactly(Map.entry("made-by", "a test"));
      assertThat(read.shape("a")).containsExactly(2, 1);
      assertThat(read.values("a")).containsExactly(1, -0.5f);
      assertThat(read.values("b")).containsExactly(Float.NaN, 0, 1e-40f);
    }
  }

  @Test
  void isLaidOutAsTheFormatSays() throws IOException {
    write();
    byte[] bytes = Files.readAllBytes(local);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) buffer.getLong();
    assertThat(header % 8).isZero();
    assertThat(new String(bytes, 8, header, StandardCharsets.UTF_8).stripTrailing())
        .isEqualTo(
            "{\"__metadata__\":{\"made-by\":\"a test\"},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[8,20]}}");
    assertThat(bytes).hasSize(8 + header + 20);
    assertThat(buffer.getFloat(8 + header)).isEqualTo(1);
    assertThat(buffer.getFloat(8 + header + 4)).isEqualTo(-0.5f);
  }

  @Test
  void holdsArraysLongerThanABlock() throws IOException {
    float[] values = new float[40_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    SafeTensors.write(
        storage,
        file,
        Map.of(),
        List.of(new SafeTensors.Array("long", new int[] {values.length}, values)));
    try (SafeTensors read = SafeTensors.open(storage, file)) {
      assertThat(read.values("long")).containsExactly(values);
    }
  }

  @Test
  void isNotWrittenWithTwoArraysOfOneName() {
    SafeTensors.Array array = new SafeTensors.Array("a", new int[] {1}, new float[1]);
    assertThatThrownBy(() -> SafeTensors.write(storage, file, Map.of(), List.of(array, array)))
        .hasMessageContaining("Two arrays have the name 'a'");
  }

  @Nested
  class ThatIsBroken {
    private void refused(String finding) {
      assertThatThrownBy(() -> SafeTensors.open(storage, file).close())
          .isInstanceOf(DataException.class)
          .hasMessageContaining(local.getFileName().toString())
          .hasMessageContaining(finding);
    }

    @Test
    void isRefusedIfItsChecksumIsWrong() throws IOException {
      write();
      byte[] bytes = Files.readAllBytes(local);
      bytes[bytes.length - 1]++;
      Files.write(local, bytes);
      refused("its checksum is wrong");
    }

    @Test
    void isRefusedIfItEndsEarly() throws IOException {
      write();
      Files.delete(folder.resolve(".some.safetensors.crc"));
      byte[] whole = Files.readAllBytes(local);
      Files.write(local, java.util.Arrays.copyOf(whole, whole.length - 1));
      refused("array 'b' of shape [3] lies at bytes 8 to 20 of 19");
      Files.write(local, java.util.Arrays.copyOf(whole, 20));
      refused("its header claims");
      Files.write(local, new byte[3]);
      refused("it ends early");
    }

    @Test
    void isRefusedIfItsHeaderIsNotJson() throws IOException {
      byte[] bytes = new byte[24];
      bytes[0] = 16;
      Files.write(local, bytes);
      refused("its header is not JSON");
    }

    @Test
    void isRefusedIfItHoldsOtherTypes() throws IOException {
      String header = "{\"a\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[0,2]}}";
      ByteBuffer bytes =
          ByteBuffer.allocate(8 + header.length() + 2).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8));
      Files.write(local, bytes.array());
      refused("array 'a' is of type BF16, not F32");
    }

    @Test
    void isRefusedIfItDoesNotExist() {
      refused("does not exist");
    }

    @Test
    void namesTheArrayThatIsMissing() throws IOException {
      write();
      try (SafeTensors read = SafeTensors.open(storage, file)) {
        assertThatThrownBy(() -> read.values("c"))
            .isInstanceOf(DataException.class)
            .hasMessageContaining("array 'c' is missing; the file has [a, b]");
      }
    }
  }
}
