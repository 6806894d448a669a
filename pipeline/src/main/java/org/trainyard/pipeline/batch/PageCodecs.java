package org.trainyard.pipeline.batch;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopCodecs;
import org.xerial.snappy.Snappy;

/**
 * Decompresses a page in one call, from array to array. Parquet's own way through Hadoop's streams
 * moves each page through two more buffers; it is left to codecs that are not usual for tables of
 * batches.
 */
final class PageCodecs implements CompressionCodecFactory {
  private final CompressionCodecFactory others;

  PageCodecs(Configuration configuration) {
    this.others = HadoopCodecs.newFactory(configuration, 0);
  }

  /** Decompresses a whole page. */
  @FunctionalInterface
  private interface Page {
    void decompress(byte[] from, int at, int length, byte[] into) throws IOException;
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    return switch (codec) {
      case ZSTD -> new Whole(PageCodecs::zstd);
      case SNAPPY ->
          new Whole((from, at, length, into) -> Snappy.uncompress(from, at, length, into, 0));
      default -> others.getDecompressor(codec);
    };
  }

  private static void zstd(byte[] from, int at, int length, byte[] into) throws IOException {
    long made = Zstd.decompressByteArray(into, 0, into.length, from, at, length);
    if (Zstd.isError(made)) {
      throw new IOException("a page is broken: " + Zstd.getErrorName(made));
    }
  }

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    return others.getCompressor(codec);
  }

  @Override
  public void release() {
    others.release();
  }

  private record Whole(Page page) implements BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput bytes, int size) throws IOException {
      ByteBuffer from = bytes.toByteBuffer();
      byte[] into = new byte[size];
      if (from.hasArray()) {
        page.decompress(from.array(), from.arrayOffset() + from.position(), from.remaining(), into);
      } else {
        byte[] copy = new byte[from.remaining()];
        from.get(copy);
        page.decompress(copy, 0, copy.length, into);
      }
      return BytesInput.from(into);
    }

    @Override
    public void decompress(ByteBuffer from, int compressed, ByteBuffer into, int size)
        throws IOException {
      byte[] copy = new byte[compressed];
      from.get(copy);
      into.put(decompress(BytesInput.from(copy), size).toByteBuffer());
    }

    @Override
    public void release() {
      // Nothing is held.
    }
  }
}
