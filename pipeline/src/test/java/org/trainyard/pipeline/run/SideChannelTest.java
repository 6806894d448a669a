package org.trainyard.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.testing.TestSpark;

@DisplayName("The side channel")
class SideChannelTest {
  private final JavaSparkContext spark =
      JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());

  @Test
  void addsUpWhatTasksCount() throws InterruptedException {
    spark.parallelize(List.of(1, 2, 3, 4), 4).foreach(n -> SideChannel.count("test.sum", n));
    for (int wait = 0; wait < 100 && SideChannel.counted("test.sum") < 10; wait++) {
      Thread.sleep(20);
    }
    assertThat(SideChannel.counted("test.sum")).isEqualTo(10);
  }

  @Test
  void handsOutALimitThatAllTasksShareUntilItIsUsedUp() {
    SideChannel.limit("test.limit", new SharedLimit(Double.POSITIVE_INFINITY, 10));
    List<Boolean> granted =
        spark.parallelize(List.of(1, 2, 3, 4), 4).map(n -> asked("test.limit", 3)).collect();
    assertThat(granted).filteredOn(given -> given).hasSize(3);
  }

  private static boolean asked(String limit, long permits) throws IOException {
    return SideChannel.ask(limit, permits).isPresent();
  }

  @Test
  void handsAQuestionToItsDeskAndTheAnswerBack() {
    assertThat(SideChannel.isOpen()).isTrue();
    SideChannel.open("test.double", number -> 2 * (Integer) number);
    assertThat(answers("test.double")).containsExactly(2, 4, 6);
    SideChannel.close("test.double");
    assertThatThrownBy(() -> answers("test.double"))
        .hasStackTraceContaining("Nobody on the driver answers for test.double");
  }

  private List<Object> answers(String desk) {
    return spark.parallelize(List.of(1, 2, 3), 3).map(number -> asked(desk, number)).collect();
  }

  private static Object asked(String desk, Integer number) throws IOException {
    return SideChannel.consult(desk, number);
  }

  @Nested
  class ASharedLimit {
    @Test
    void spreadsPermitsOverTime() {
      SharedLimit limit = new SharedLimit(10, Long.MAX_VALUE);
      assertThat(limit.take(5, 0)).isZero();
      assertThat(limit.take(5, 0)).isEqualTo(500);
      assertThat(limit.take(1, 2_000_000_000L)).isZero();
    }

    @Test
    void givesNothingBeyondItsTotal() {
      SharedLimit limit = new SharedLimit(1e9, 3);
      assertThat(limit.take(2, 0)).isZero();
      assertThat(limit.take(2, 0)).isEqualTo(-1);
      assertThat(limit.take(1, 0)).isZero();
    }
  }
}
