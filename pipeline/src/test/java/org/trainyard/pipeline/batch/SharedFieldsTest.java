package org.trainyard.pipeline.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A batch whose examples share fields")
class SharedFieldsTest {
  private static final Tensor TARGET = Tensor.ofInts("target", new int[] {3}, new int[] {4, 5, 6});
  private static final Tensor NODES = Tensor.ofInts("nodes", new int[] {2}, new int[] {7, 8});
  private static final Batch BATCH =
      new Batch(
          new long[] {1, 2, 3},
          new long[] {1, 2, 3},
          new float[] {1, 1, 1},
          List.of(TARGET),
          List.of(NODES));

  @Test
  void findsThemByNameLikeTheOthers() {
    assertThat(BATCH.has("nodes")).isTrue();
    assertThat(BATCH.tensor("nodes")).isEqualTo(NODES);
    assertThatThrownBy(() -> BATCH.tensor("none")).hasMessageContaining("nodes");
  }

  @Test
  void keepsThemWholeInASlice() {
    Batch slice = BATCH.slice(1, 2);
    assertThat(slice.tensor("target").ints().get(0)).isEqualTo(5);
    assertThat(slice.tensor("nodes")).isEqualTo(NODES);
  }

  @Test
  void stillRefusesAFieldOfAnotherNumberOfExamples() {
    assertThatThrownBy(() -> Batch.of(new long[] {1, 2, 3}, NODES))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
