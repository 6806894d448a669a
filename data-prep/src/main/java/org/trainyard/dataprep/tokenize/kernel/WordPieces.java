package org.trainyard.dataprep.tokenize.kernel;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A WordPiece vocabulary: words are cut from the left into the longest pieces known; pieces inside
 * a word are written with {@value #INSIDE} before them. Ids are {@value #PAD} for padding, {@value
 * #BEGIN} for the begin of an example, {@value #UNKNOWN} for a word that cannot be cut, then the
 * pieces in the order given.
 *
 * @see <a href="https://arxiv.org/abs/1609.08144">Wu et al. 2016, Google's Neural Machine
 *     Translation System</a>
 */
public final class WordPieces implements Serializable {
  private static final long serialVersionUID = 1;

  /** Marks a piece that does not begin a word. */
  public static final String INSIDE = "##";

  /** Id of padding. */
  public static final int PAD = 0;

  /** Id of the begin of an example. */
  public static final int BEGIN = 1;

  /** Id of a word that cannot be cut. */
  public static final int UNKNOWN = 2;

  /** Id of the first piece. */
  public static final int FIRST = 3;

  private final List<String> pieces;
  private final Map<String, Integer> begins = new HashMap<>();
  private final Map<String, Integer> insides = new HashMap<>();
  private int longest;

  /**
   * @param pieces each once
   */
  public WordPieces(List<String> pieces) {
    this.pieces = List.copyOf(pieces);
    for (int at = 0; at < pieces.size(); at++) {
      String piece = pieces.get(at);
      boolean inside = inside(piece);
      String text = inside ? piece.substring(INSIDE.length()) : piece;
      (inside ? insides : begins).put(text, FIRST + at);
      longest = Math.max(longest, text.length());
    }
  }

  /** Whether a piece stands inside words; the mark alone is a word of two signs. */
  static boolean inside(String piece) {
    return piece.startsWith(INSIDE) && piece.length() > INSIDE.length();
  }

  /** The pieces in order of their ids. */
  public List<String> pieces() {
    return pieces;
  }

  /** Number of ids. */
  public int vocabulary() {
    return FIRST + pieces.size();
  }

  /**
   * Cuts a word.
   *
   * @param ids room for a piece a UTF-16 unit
   * @param ends where each piece ends in the word, UTF-16 units; same room
   * @return number of pieces; 0 if it cannot be cut
   */
  public int cut(String word, int[] ids, int[] ends) {
    int size = 0;
    for (int from = 0; from < word.length(); ) {
      Map<String, Integer> known = from == 0 ? begins : insides;
      int to = Math.min(word.length(), from + longest);
      Integer id = null;
      for (; to > from; to--) {
        id = known.get(word.substring(from, to));
        if (id != null) {
          break;
        }
      }
      if (id == null) {
        return 0;
      }
      ids[size] = id;
      ends[size++] = to;
      from = to;
    }
    return size;
  }

  /**
   * The text of ids: words are set apart by one space, whatever stood between them; U+FFFD for an
   * unknown word, nothing for padding and begin.
   */
  public String decode(int[] ids) {
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      if (id < UNKNOWN) {
        continue;
      }
      String piece = id == UNKNOWN ? "\uFFFD" : pieces.get(id - FIRST);
      if (inside(piece)) {
        text.append(piece, INSIDE.length(), piece.length());
      } else {
        text.append(text.isEmpty() ? "" : " ").append(piece);
      }
    }
    return text.toString();
  }
}
