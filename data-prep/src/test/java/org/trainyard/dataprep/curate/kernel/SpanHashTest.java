package org.trainyard.dataprep.curate.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Hashes of spans")
class SpanHashTest {
  private static final long PRIME = (1L << 61) - 1;

  private static long hash(String text) {
    CodePoints points = new CodePoints();
    points.read(text);
    return SpanHash.of(points, 0, points.length());
  }

  @Test
  void multiplyAsBigNumbersDo() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 1000; i++) {
      long a = i == 0 ? PRIME - 1 : random.nextLong(PRIME);
      long b = i < 2 ? PRIME - 1 : random.nextLong(PRIME);
      long expected =
          BigInteger.valueOf(a)
              .multiply(BigInteger.valueOf(b))
              .mod(BigInteger.valueOf(PRIME))
              .longValueExact();
      assertThat(SpanHash.multiply(a, b)).isEqualTo(expected);
    }
  }

  @Test
  void ofASpanFollowFromThoseOfPrefixes() {
    String text = "the quick brown fox 😀 jumps";
    SpanHash hashes = new SpanHash();
    for (int from = 0; from < 19; from++) {
      for (int to = from; to <= 19; to++) {
        assertThat(
                hashes.between(
                    hash(text.substring(0, to)), hash(text.substring(0, from)), to - from))
            .isEqualTo(hash(text.substring(from, to)));
      }
    }
  }

  @Test
  void differForAllPairsOfLetters() {
    Set<Long> seen = new HashSet<>();
    for (char a = ' '; a < 500; a++) {
      for (char b = ' '; b < 500; b++) {
        seen.add(hash("" + a + b));
      }
    }
    assertThat(seen).hasSize(468 * 468);
  }
}
