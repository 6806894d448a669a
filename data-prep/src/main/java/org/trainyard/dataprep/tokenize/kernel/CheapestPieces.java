package org.trainyard.dataprep.tokenize.kernel;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Cuts bytes into the tokens whose costs add up to least. A token of rank {@code r} among {@code
 * V}, most frequent first, costs {@code log((r + 1) log V)}, which is small for frequent and for
 * few tokens; single bytes cost as much as the rarest, so that anything can be cut and foreign
 * letters do not upset what stands around them. Costs are rounded to 2^-20, the same on every
 * machine.
 *
 * @see <a href="https://arxiv.org/abs/2110.05896">Lin et al. 2021, LaoPLM: Pre-trained Language
 *     Models for Lao</a>
 */
public final class CheapestPieces implements Serializable {
  private static final long serialVersionUID = 1;

  private final ByteTrie tokens = new ByteTrie();
  private final int[] costs;

  /**
   * @param merges tokens, those learned earlier being the more frequent
   */
  public CheapestPieces(Merges merges) {
    int vocabulary = merges.vocabulary();
    costs = new int[vocabulary];
    for (int id = Merges.FIRST_BYTE; id < vocabulary; id++) {
      int rank = id < Merges.FIRST_MERGE ? vocabulary - 1 : id - Merges.FIRST_MERGE;
      double cost = StrictMath.log((rank + 1) * StrictMath.log(vocabulary));
      costs[id] = (int) Math.round(cost * (1 << 20));
      tokens.put(merges.bytes(id), id);
    }
  }

  /**
   * Cuts. Of equally cheap cuts it takes the one whose last tokens are longest.
   *
   * @param ids room for a token a byte
   * @return number of tokens
   */
  public int cut(byte[] text, int[] ids) {
    long[] best = new long[text.length + 1];
    int[] last = new int[text.length + 1];
    int[] from = new int[text.length + 1];
    Arrays.fill(best, 1, best.length, Long.MAX_VALUE);
    for (int at = 0; at < text.length; at++) {
      int node = ByteTrie.ROOT;
      for (int to = at + 1; to <= text.length; to++) {
        node = tokens.next(node, text[to - 1]);
        if (node == ByteTrie.NONE) {
          break;
        }
        int id = tokens.value(node);
        if (id != ByteTrie.NONE && best[at] + costs[id] < best[to]) {
          best[to] = best[at] + costs[id];
          last[to] = id;
          from[to] = at;
        }
      }
    }
    int size = 0;
    for (int at = text.length; at > 0; at = from[at]) {
      size++;
    }
    int place = size;
    for (int at = text.length; at > 0; at = from[at]) {
      ids[--place] = last[at];
    }
    return size;
  }
}
