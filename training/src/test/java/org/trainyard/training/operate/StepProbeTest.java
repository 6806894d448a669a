package org.trainyard.training.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.trainyard.pipeline.batch.MemoryProbe;
import org.trainyard.pipeline.batch.MemoryProbe.Data;
import org.trainyard.pipeline.batch.MemoryProbe.Memory;
import org.trainyard.pipeline.batch.MemoryProbe.Shape;
import org.trainyard.pipeline.batch.MemoryProbeTechnique;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.Yaml;
import org.trainyard.pipeline.technique.Techniques;
import org.trainyard.training.operate.kernel.StepMemory;

@DisplayName("The memory of a step of training")
class StepProbeTest {
  private static final Data TEXT = Data.tokens(256, 0);
  private static final Memory AMPLE = new Memory(512L << 20, 512L << 20);
  private static final String LSTM =
      "{training-step: {model: {lstm-language-model: {width: 64, layers: 1}}}}";

  private static MemoryProbe probe(String block) {
    ObjectNode node = (ObjectNode) Yaml.parse(block);
    String name = node.fieldNames().next();
    MemoryProbeTechnique<?> technique =
        Techniques.of(MemoryProbeTechnique.class).named(name, "probe");
    return Techniques.create(technique, (ObjectNode) node.get(name), name);
  }

  private static Optional<Memory> run(MemoryProbe probe, Data data, Memory limit, Shape... shapes) {
    try (MemoryProbe.Trials trials = probe.open(data, limit)) {
      return trials.run(List.of(shapes));
    }
  }

  @Nested
  class TriedInAJvmOfItsOwn {
    @Test
    void growsWithTheRows() {
      try (MemoryProbe.Trials trials = probe(LSTM).open(TEXT, AMPLE)) {
        Memory few = trials.run(List.of(new Shape(100, 100))).orElseThrow();
        Memory many = trials.run(List.of(new Shape(600, 100))).orElseThrow();

        assertThat(many.offHeap()).isGreaterThan(3 * few.offHeap());
        assertThat(many.heap()).isGreaterThan(3 * few.heap());
      }
    }

    @Test
    void isToldAgainAfterRunningOut() {
      Memory limit = new Memory(256L << 20, 32L << 20);
      try (MemoryProbe.Trials trials = probe(LSTM).open(TEXT, limit)) {
        assertThat(trials.run(List.of(new Shape(4, 100)))).isPresent();
        assertThat(trials.run(List.of(new Shape(4000, 100)))).as("off the heap").isEmpty();
        assertThat(trials.run(List.of(new Shape(5, 100)))).isPresent();
      }
    }

    @Test
    void isBoundedOnTheHeapToo() {
      Memory limit = new Memory(16L << 20, 512L << 20);
      try (MemoryProbe.Trials trials = probe(LSTM).open(TEXT, limit)) {
        assertThat(trials.run(List.of(new Shape(1000, 100)))).isEmpty();
        assertThat(trials.run(List.of(new Shape(4, 100)))).isPresent();
      }
    }

    @Test
    void isTooLargeWhereNoArrayCanBe() {
      assertThat(run(probe(LSTM), TEXT, AMPLE, new Shape(1 << 20, 1 << 20))).isEmpty();
    }

    @Test
    void isThatOfAllStepsTogether() {
      try (MemoryProbe.Trials trials = probe(LSTM).open(TEXT, AMPLE)) {
        Memory one = trials.run(List.of(new Shape(50, 400))).orElseThrow();
        Memory both = trials.run(List.of(new Shape(50, 400), new Shape(2000, 10))).orElseThrow();

        assertThat(both.offHeap()).isGreaterThan(one.offHeap());
      }
    }

    @Test
    void cannotBeToldWhereTheJvmDoesNotStart() {
      Memory nothing = new Memory(-(63L << 20), 1 << 20);
      assertThatThrownBy(() -> run(probe(LSTM), TEXT, nothing, new Shape(1, 1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cannot be tried")
          .hasMessageContaining("heap");
    }

    @Test
    void isNotTriedWhereTheModelDoesNotSuitTheData() {
      assertThatThrownBy(() -> run(probe(LSTM), Data.tokens(256, 3), AMPLE, new Shape(1, 1)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("take byte-classifier");
    }
  }

  @Nested
  class Estimated {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "{lstm-language-model: {width: 64, layers: 1}} | 256 | 0 | 0 | 400 | 100",
          "{lstm-language-model: {width: 32, layers: 2}} | 4000 | 0 | 0 | 2000 | 20",
          "{byte-classifier: {filters: [64]}} | 256 | 10 | 0 | 800 | 120",
          "{byte-classifier: {filters: [32, 32]}} | 256 | 10 | 0 | 800 | 120",
          "{mlp: {widths: [512, 512]}} | 0 | 10 | 784 | 8000 | 1"
        })
    void isNearWhatWasTried(
        String model, int vocabulary, int classes, int width, int rows, int units) {
      Data data = new Data(vocabulary, classes, List.of(width));
      Shape shape = new Shape(rows, units);
      Memory tried =
          run(probe("{training-step: {model: %s}}".formatted(model)), data, AMPLE, shape)
              .orElseThrow();
      Memory counted =
          run(probe("{training-estimate: {model: %s}}".formatted(model)), data, AMPLE, shape)
              .orElseThrow();

      assertThat(tried.offHeap()).as("enough to measure").isGreaterThan(32L << 20);
      assertThat((double) counted.offHeap() / tried.offHeap())
          .isBetween(1 / StepMemory.ERROR, StepMemory.ERROR);
    }

    @Test
    void refusesWhatIsOverTheLimit() {
      MemoryProbe probe = probe("{training-estimate: {model: lstm-language-model}}");
      assertThat(run(probe, TEXT, new Memory(1L << 30, 1L << 20), new Shape(100, 100))).isEmpty();
      assertThat(run(probe, TEXT, new Memory(1L << 30, 1L << 30), new Shape(100, 100))).isPresent();
    }
  }
}
