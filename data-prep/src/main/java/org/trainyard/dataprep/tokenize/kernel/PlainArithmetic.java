package org.trainyard.dataprep.tokenize.kernel;

import java.io.ByteArrayOutputStream;

/**
 * Codes bytes arithmetically in one stream, cut into words of a fixed number of bits: what windows
 * of equal information are compared with. A word means nothing without all before it. The end of
 * the text is a symbol of its own, one in {@value ByteModel#TOTAL} + 1.
 *
 * @see <a href="https://doi.org/10.1145/214762.214771">Witten, Neal and Cleary 1987, Arithmetic
 *     Coding for Data Compression</a>
 */
public final class PlainArithmetic {
  private static final long TOTAL = ByteModel.TOTAL + 1L;
  private static final int END = 256;
  private static final long WHOLE = 1L << 32;
  private static final long HALF = WHOLE / 2;
  private static final long QUARTER = WHOLE / 4;

  private PlainArithmetic() {}

  /**
   * Appends the words of a text, one token each; none for an empty text. A byte counts to the word
   * that was begun when it was coded.
   *
   * @param bits of a word, 1 to 16
   * @param first id of word 0
   */
  public static void encode(ByteModel model, int bits, byte[] text, int first, TokenBuffer out) {
    if (text.length > 0) {
      new Writer(bits, first, out).all(model, text);
    }
  }

  /** The bytes of words; what is cut off in the middle is read as if zeros followed. */
  public static byte[] decode(ByteModel model, int bits, int[] words) {
    return words.length == 0 ? new byte[0] : new Reader(bits, words).all(model);
  }

  private static long left(ByteModel model, int state, int symbol) {
    return symbol > END ? TOTAL : model.below(state, symbol);
  }

  private static final class Writer {
    private final int bits;
    private final int first;
    private final TokenBuffer out;
    private int word;
    private int size;
    private int done;
    private long follow;

    Writer(int bits, int first, TokenBuffer out) {
      this.bits = bits;
      this.first = first;
      this.out = out;
    }

    void all(ByteModel model, byte[] text) {
      long low = 0;
      long range = WHOLE;
      int state = ByteModel.START;
      for (int at = 0; at <= text.length; at++) {
        int symbol = at < text.length ? text[at] & 0xFF : END;
        done = Math.min(at + 1, text.length);
        long from = range * left(model, state, symbol) / TOTAL;
        range = range * left(model, state, symbol + 1) / TOTAL - from;
        low += from;
        while (true) {
          if (low + range <= HALF) {
            put(0);
          } else if (low >= HALF) {
            put(1);
            low -= HALF;
          } else if (low >= QUARTER && low + range <= HALF + QUARTER) {
            follow++;
            low -= QUARTER;
          } else {
            break;
          }
          low *= 2;
          range *= 2;
        }
        state = symbol == END ? state : model.next(state, symbol);
      }
      follow++;
      put(low < QUARTER ? 0 : 1);
      while (size > 0) {
        bit(0);
      }
    }

    private void put(int bit) {
      bit(bit);
      for (; follow > 0; follow--) {
        bit(1 - bit);
      }
    }

    private void bit(int bit) {
      word = word << 1 | bit;
      size++;
      if (size == bits) {
        out.add(first + word, done);
        word = 0;
        size = 0;
      }
    }
  }

  private static final class Reader {
    private final int bits;
    private final int[] words;
    private long read;

    Reader(int bits, int[] words) {
      this.bits = bits;
      this.words = words;
    }

    byte[] all(ByteModel model) {
      ByteArrayOutputStream text = new ByteArrayOutputStream(words.length * 4);
      long low = 0;
      long range = WHOLE;
      long code = 0;
      for (int bit = 0; bit < 32; bit++) {
        code = code << 1 | bit();
      }
      int state = ByteModel.START;
      while (read < (long) words.length * bits + 64) {
        long point = ((code - low + 1) * TOTAL - 1) / range;
        int symbol = point >= ByteModel.TOTAL ? END : model.at(state, (int) point);
        if (symbol == END) {
          break;
        }
        text.write(symbol);
        long from = range * left(model, state, symbol) / TOTAL;
        range = range * left(model, state, symbol + 1) / TOTAL - from;
        low += from;
        while (true) {
          if (low >= HALF) {
            low -= HALF;
            code -= HALF;
          } else if (low + range > HALF) {
            if (low >= QUARTER && low + range <= HALF + QUARTER) {
              low -= QUARTER;
              code -= QUARTER;
            } else {
              break;
            }
          }
          low *= 2;
          range *= 2;
          code = code << 1 | bit();
        }
        state = model.next(state, symbol);
      }
      return text.toByteArray();
    }

    private int bit() {
      long at = read++;
      int word = (int) (at / bits);
      return word < words.length ? words[word] >> (bits - 1 - (int) (at % bits)) & 1 : 0;
    }
  }
}
