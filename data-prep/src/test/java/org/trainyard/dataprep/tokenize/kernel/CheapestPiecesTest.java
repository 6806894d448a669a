package org.trainyard.dataprep.tokenize.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The cheapest cut")
class CheapestPiecesTest {
  private static final int A = 2 + 'a';
  private static final int B = 2 + 'b';
  private static final int C = 2 + 'c';
  private static final int D = 2 + 'd';

  /** ab, bc, and bcd made of bc and d. */
  private static final Merges MERGES = new Merges(new int[] {A, B, 259}, new int[] {B, C, D});

  private static final CheapestPieces CHEAPEST = new CheapestPieces(MERGES);

  private static int[] cut(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[bytes.length];
    return Arrays.copyOf(ids, CHEAPEST.cut(bytes, ids));
  }

  private static double cost(int id) {
    int rank = id < Merges.FIRST_MERGE ? MERGES.vocabulary() - 1 : id - Merges.FIRST_MERGE;
    return Math.log((rank + 1) * Math.log(MERGES.vocabulary()));
  }

  private static double cost(int[] ids) {
    return Arrays.stream(ids).mapToDouble(CheapestPiecesTest::cost).sum();
  }

  /** The least cost of all cuts, tried one by one. */
  private static double least(String text) {
    double best = text.isEmpty() ? 0 : Double.POSITIVE_INFINITY;
    for (int id = Merges.FIRST_BYTE; id < MERGES.vocabulary(); id++) {
      String token = new String(MERGES.bytes(id), StandardCharsets.ISO_8859_1);
      if (!token.isEmpty() && text.startsWith(token)) {
        best = Math.min(best, cost(id) + least(text.substring(token.length())));
      }
    }
    return best;
  }

  @Test
  void costsNoMoreThanAnyOther() {
    SplittableRandom random = new SplittableRandom(1);
    for (int draw = 0; draw < 200; draw++) {
      StringBuilder text = new StringBuilder();
      for (int at = random.nextInt(9); at >= 0; at--) {
        text.append("abcd".charAt(random.nextInt(4)));
      }
      assertThat(cost(cut(text.toString())))
          .isEqualTo(least(text.toString()), org.assertj.core.data.Offset.offset(1e-4));
    }
  }

  @Test
  void takesTheLongTokenThatAnEarlierMergeTakesApart() {
    TokenBuffer replayed = new TokenBuffer();
    new MergeEncoder(MERGES).encode("abcd".getBytes(StandardCharsets.UTF_8), replayed);

    assertThat(replayed.ids()).containsExactly(258, C, D);
    assertThat(cut("abcd")).containsExactly(A, 260);
  }

  @Test
  void isNotUpsetByForeignBytes() {
    assertThat(cut("ab\u00E9ab")).containsExactly(258, 2 + 0xC3, 2 + 0xA9, 258);
    assertThat(cut("")).isEmpty();
  }
}
