package org.trainyard.dataprep.tokenize;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.trainyard.dataprep.tokenize.kernel.CheapestPieces;
import org.trainyard.dataprep.tokenize.kernel.MergeEncoder;
import org.trainyard.dataprep.tokenize.kernel.Merges;
import org.trainyard.dataprep.tokenize.kernel.Pieces;
import org.trainyard.dataprep.tokenize.kernel.TokenBuffer;
import org.trainyard.dataprep.tokenize.kernel.Utf8;

/** The ids and texts of {@link ByteBpeTokenizer}, cut by the better of two rules. */
final class FewestPiecesTokenizer implements Tokenizer {
  private static final long serialVersionUID = 1;
  static final String FILE = "merges.json";
  private static final int MOST_PIECES = 1 << 16;

  private final ByteBpeTokenizer merges;
  private final CheapestPieces cheapest;

  FewestPiecesTokenizer(Merges merges) {
    this.merges = new ByteBpeTokenizer(merges);
    this.cheapest = new CheapestPieces(merges);
  }

  @Override
  public int vocabulary() {
    return merges.vocabulary();
  }

  @Override
  public int begin() {
    return merges.begin();
  }

  @Override
  public int pad() {
    return merges.pad();
  }

  @Override
  public OptionalInt unknown() {
    return OptionalInt.empty();
  }

  @Override
  public boolean exact() {
    return true;
  }

  @Override
  public Encoder encoder() {
    return new Cutting();
  }

  @Override
  public String decode(int[] ids) {
    return merges.decode(ids);
  }

  @Override
  public SortedMap<String, String> files() {
    return new TreeMap<>(Map.of(FILE, TokenizerJson.write(merges.merges())));
  }

  private final class Cutting implements Encoder {
    private final MergeEncoder replay = new MergeEncoder(merges.merges());
    private final TokenBuffer replayed = new TokenBuffer();
    private final Map<ByteBuffer, int[]> remembered = new HashMap<>();

    @Override
    public void encode(String text, TokenBuffer out) {
      byte[] bytes = Utf8.bytes(text);
      for (int from = 0; from < bytes.length; ) {
        int to = Pieces.end(bytes, from, bytes.length);
        int end = from;
        for (int id : ids(bytes, from, to)) {
          end += merges.merges().bytes(id).length;
          out.add(id, end);
        }
        from = to;
      }
    }

    private int[] ids(byte[] text, int from, int to) {
      int[] known = remembered.get(ByteBuffer.wrap(text, from, to - from));
      if (known != null) {
        return known;
      }
      byte[] piece = Arrays.copyOfRange(text, from, to);
      int[] cheap = new int[piece.length];
      int size = cheapest.cut(piece, cheap);
      replayed.clear();
      replay.encode(piece, replayed);
      int[] ids = replayed.size() < size ? replayed.ids() : Arrays.copyOf(cheap, size);
      if (remembered.size() == MOST_PIECES) {
        remembered.clear();
      }
      remembered.put(ByteBuffer.wrap(piece), ids);
      return ids;
    }
  }
}
