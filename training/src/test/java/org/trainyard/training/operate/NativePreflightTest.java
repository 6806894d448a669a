package org.trainyard.training.operate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The look at native code")
class NativePreflightTest {

  @Test
  void findsNothingAmissWhereTheLibraryOfThisMachineIsThere() {
    assertThat(new NativePreflight().problems(new SparkConf(false))).isEmpty();
  }

  @Test
  void saysThatAProcessorBuildCannotUseCards() {
    SparkConf conf = new SparkConf(false).set("spark.executor.resource.gpu.amount", "1");
    assertThat(new NativePreflight().problems(conf)).anyMatch(line -> line.contains("mvn -Pcuda"));
  }

  @Test
  void saysThatHopperIsTooNew() {
    assertThat(NativePreflight.cardProblems(true, Optional.of(9.0)))
        .singleElement()
        .asString()
        .contains("compute capability 9.0", "not on Hopper");
    assertThat(NativePreflight.cardProblems(true, Optional.of(8.6))).isEmpty();
  }
}
