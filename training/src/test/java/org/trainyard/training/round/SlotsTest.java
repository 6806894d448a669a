package org.trainyard.training.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Training, synchronous and local, on other task slots")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlotsTest {
  @TempDir private static Path folder;
  private List<String> expected;

  private static List<String> digests(List<String> lines) {
    return lines.stream().filter(line -> line.startsWith("digest ")).toList();
  }

  private static long secondAttempts(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("attempts "))
        .flatMap(line -> Stream.of(line.substring(9)))
        .mapToLong(Long::parseLong)
        .sum();
  }

  @BeforeAll
  void trainOnOneSlot() throws IOException, InterruptedException {
    expected = digests(SlotsMain.fork(folder, "local[1]", "jobs"));
    assertThat(expected).hasSize(2).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void givesTheSameBits(int slots) throws IOException, InterruptedException {
    assertThat(digests(SlotsMain.fork(folder, "local[" + slots + "]"))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jobs", "messages"})
  void givesTheSameBitsWhenTasksFailAndAreTriedAgain(String way)
      throws IOException, InterruptedException {
    List<String> lines = SlotsMain.fork(folder, "local[2,4]", "fail", way);
    assertThat(digests(lines)).isEqualTo(expected);
    assertThat(secondAttempts(lines)).isPositive();
  }
}
