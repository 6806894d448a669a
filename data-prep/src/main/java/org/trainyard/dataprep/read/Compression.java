package org.trainyard.dataprep.read;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.trainyard.dataprep.read.kernel.GzipStream;

/** How a file is compressed, by its name. */
enum Compression {
  NONE(""),
  GZIP(".gz"),
  ZSTD(".zst");

  /** Windows up to 2 GB, as {@code zstd --long=31} writes them. */
  private static final int LARGEST_WINDOW = 31;

  private final String extension;

  Compression(String extension) {
    this.extension = extension;
  }

  /** With its point; empty if there is none. */
  String extension() {
    return extension;
  }

  static Compression of(String path) {
    String name = path.toLowerCase(Locale.ROOT);
    return name.endsWith(".gz") ? GZIP : name.endsWith(".zst") ? ZSTD : NONE;
  }

  /** The stream of what was compressed. */
  InputStream open(InputStream in) throws IOException {
    return switch (this) {
      case NONE -> in;
      case GZIP -> new GzipStream(in);
      case ZSTD -> new ZstdInputStreamNoFinalizer(in).setLongMax(LARGEST_WINDOW);
    };
  }
}
