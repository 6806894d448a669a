package org.trainyard.training.graph.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A feature table")
class FeatureTableTest {

  private static FeatureTable numbered(int rows, int width) {
    FeatureTable table = new FeatureTable(rows, width);
    for (int node = 0; node < rows; node++) {
      table.put(node, features(node, width));
    }
    return table;
  }

  private static float[] features(int node, int width) {
    float[] features = new float[width];
    for (int at = 0; at < width; at++) {
      features[at] = node * 1000 + at;
    }
    return features;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 16, 17, 100})
  void handsOutRowsInTheOrderAskedFor(int width) {
    FeatureTable table = numbered(50, width);
    int[] nodes = {49, 0, 7, 7, 23, 11};
    float[] onHeap = new float[5 * width];
    table.gather(nodes, 5, onHeap);
    FloatBuffer outside =
        ByteBuffer.allocateDirect(5 * width * 4).order(ByteOrder.nativeOrder()).asFloatBuffer();
    table.gather(nodes, 5, outside);
    for (int at = 0; at < 5; at++) {
      float[] row = new float[width + 2];
      table.row(nodes[at], row, 2);
      for (int j = 0; j < width; j++) {
        assertThat(onHeap[at * width + j]).isEqualTo(nodes[at] * 1000 + j);
        assertThat(outside.get(at * width + j)).isEqualTo(onHeap[at * width + j]);
        assertThat(row[2 + j]).isEqualTo(onHeap[at * width + j]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "16, 1", "17, 2", "32, 2", "100, 7"})
  void touchesNoMoreLinesThanARowNeeds(int width, int lines) {
    FeatureTable table = new FeatureTable(10, width);
    assertThat(table.linesOfRow()).isEqualTo(lines);
    assertThat(table.bytes()).isEqualTo(10L * lines * FeatureTable.LINE);
  }

  @Test
  void mayBeLargerThanOneBuffer() {
    // Rows of 64 MiB: four to a chunk.
    int width = 1 << 24;
    FeatureTable table = new FeatureTable(5, width);
    float[] row = new float[width];
    for (int node = 0; node < 5; node++) {
      row[width - 1] = node;
      table.put(node, row);
    }
    for (int node = 0; node < 5; node++) {
      table.row(node, row, 0);
      assertThat(row[width - 1]).isEqualTo(node);
    }
  }

  @Test
  void refusesRowsOutsideOfIt() {
    FeatureTable table = numbered(3, 4);
    assertThatThrownBy(() -> table.row(3, new float[4], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new FeatureTable(3, 0)).hasMessageContaining("0 features");
  }
}
