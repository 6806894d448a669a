package org.trainyard.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.GateException;

@DisplayName("A failure tells a scheduler")
class FailureTest {

  @Test
  void whatTheProductSaidEvenDeepInsideASparkError() {
    Throwable task = new SparkException("Task failed", new DataException("a.gz: is cut off."));
    Failure failure = Failure.of(new RuntimeException("Job aborted", task));
    assertThat(failure).isEqualTo(new Failure(4, "a.gz: is cut off."));
  }

  @Test
  void toRetryWhenStorageFailed() {
    Failure failure = Failure.of(new RuntimeException(new IOException("No space left\non device")));
    assertThat(failure.exit()).isEqualTo(5);
    assertThat(failure.line()).contains("No space left").doesNotContain("\n");
  }

  @Test
  void toRetryWhenExecutorsWereLost() {
    Throwable lost = new SparkException("Job aborted: ExecutorLostFailure (executor 1 exited)");
    assertThat(Failure.of(lost).exit()).isEqualTo(5);
  }

  @Test
  void toRetryWhenTheMasterWasLost() {
    Throwable shut = new SparkException("Job 0 cancelled because SparkContext was shut down");
    assertThat(Failure.of(shut).exit()).isEqualTo(5);
    Throwable after =
        new IllegalStateException("Cannot call methods on a stopped SparkContext.\nThis was …");
    assertThat(Failure.of(after).exit()).isEqualTo(5);
    assertThat(Failure.of(after).line()).contains("lost its master").doesNotContain("This was");
  }

  @Test
  void notToRetryWrongSettingsAGateOrABug() {
    assertThat(Failure.of(new ConfigException("a.b", "is wrong")).exit()).isEqualTo(3);
    assertThat(Failure.of(new GateException("accuracy is 0.9, not 0.95")).exit()).isEqualTo(6);
    assertThat(Failure.of(new IllegalStateException("oops")))
        .isEqualTo(new Failure(1, "A bug: java.lang.IllegalStateException: oops"));
  }

  @Test
  void ofContainersThatWouldBeKilledForTheirNativeMemory() {
    SparkConf yarn = new SparkConf(false).set("spark.master", "yarn");
    assertThat(new JavaPreflight().problems(yarn))
        .singleElement()
        .asString()
        .contains("spark.executor.memoryOverhead");
    assertThat(new JavaPreflight().problems(yarn.set("spark.executor.memoryOverhead", "2g")))
        .isEmpty();
  }
}
