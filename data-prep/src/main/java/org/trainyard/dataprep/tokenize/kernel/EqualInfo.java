package org.trainyard.dataprep.tokenize.kernel;

/**
 * Cuts bytes into windows of equal information: as many bytes as an arithmetic coder can say in a
 * fixed number of bits. Coder and model begin anew in each window, so that each is read alone.
 *
 * <p>A window starts with all {@code 2^bits} code words. Each byte narrows them to its share under
 * the model; the first word of what is left means "the window ends here" (it is the code so far,
 * filled up with zeros). A byte whose share holds no word ends the window and begins the next one.
 * The first byte of a window always has a word.
 *
 * @see <a href="https://arxiv.org/abs/2404.03626">Lester et al. 2024, Training LLMs over Neurally
 *     Compressed Text</a>
 */
public final class EqualInfo {
  private EqualInfo() {}

  /**
   * Appends the windows of a text, one token each.
   *
   * @param model foretells bytes
   * @param bits of a window, 8 to 16; 8 leave room for one byte only
   * @param first id of code word 0
   */
  public static void encode(ByteModel model, int bits, byte[] text, int first, TokenBuffer out) {
    for (int at = 0; at < text.length; ) {
      int state = model.next(ByteModel.START, text[at] & 0xFF);
      int word = root(model, bits, text[at] & 0xFF);
      int words = root(model, bits, (text[at] & 0xFF) + 1) - word;
      at++;
      while (at < text.length) {
        int value = text[at] & 0xFF;
        int from = share(model, state, words, value);
        int to = share(model, state, words, value + 1);
        if (from == to) {
          break;
        }
        word += 1 + from;
        words = to - from;
        state = model.next(state, value);
        at++;
      }
      out.add(first + word, at);
    }
  }

  /**
   * Reads a window.
   *
   * @param word 0 to {@code 2^bits - 1}
   * @param into room for {@code 2^bits} bytes at most
   * @return number of bytes
   */
  public static int decode(ByteModel model, int bits, int word, byte[] into) {
    int value = 0;
    for (int step = 128; step > 0; step >>= 1) {
      value += root(model, bits, value + step) <= word ? step : 0;
    }
    int start = root(model, bits, value);
    int words = root(model, bits, value + 1) - start;
    int size = 0;
    into[size++] = (byte) value;
    int state = model.next(ByteModel.START, value);
    while (word > start) {
      int point = word - start - 1;
      value = 0;
      for (int step = 128; step > 0; step >>= 1) {
        value += share(model, state, words, value + step) <= point ? step : 0;
      }
      int from = share(model, state, words, value);
      words = share(model, state, words, value + 1) - from;
      start += 1 + from;
      into[size++] = (byte) value;
      state = model.next(state, value);
    }
    return size;
  }

  /** Code words left of a window's first byte; each byte has at least one. */
  private static int root(ByteModel model, int bits, int value) {
    long words = (1L << bits) - 256;
    return value + (int) (words * model.below(ByteModel.START, value) / ByteModel.TOTAL);
  }

  /** Code words left of a later byte, of the words less the one that ends the window. */
  private static int share(ByteModel model, int state, int words, int value) {
    return (int) ((words - 1L) * model.below(state, value) / ByteModel.TOTAL);
  }
}
