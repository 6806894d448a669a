package org.trainyard.pipeline.testing;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The file system {@code fulldisk:///}: the local disk, until a number of bytes is written or it is
 * made read-only. Set {@code fs.fulldisk.impl} to this class.
 */
public final class FullDisk extends RawLocalFileSystem {
  /** Bytes that still fit. */
  public static final AtomicLong ROOM = new AtomicLong(Long.MAX_VALUE);

  /** Whether nothing can be written at all. */
  public static volatile boolean readOnly;

  private static final URI NAME = URI.create("fulldisk:///");

  /** For Hadoop. */
  public FullDisk() {}

  @Override
  public void initialize(URI uri, Configuration conf) throws IOException {
    super.initialize(NAME, conf);
    setConf(conf);
  }

  @Override
  public URI getUri() {
    return NAME;
  }

  @Override
  public String getScheme() {
    return "fulldisk";
  }

  @Override
  protected void checkPath(Path path) {
    // All paths of this scheme are local.
  }

  @Override
  public java.io.File pathToFile(Path path) {
    return new java.io.File(path.toUri().getPath());
  }

  @Override
  public boolean mkdirs(Path folder, FsPermission permission) throws IOException {
    refuseIfReadOnly(folder);
    return super.mkdirs(folder, permission);
  }

  @Override
  public boolean mkdirs(Path folder) throws IOException {
    refuseIfReadOnly(folder);
    return super.mkdirs(folder);
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    refuseIfReadOnly(file);
    return limited(super.create(file, overwrite, bufferSize, replication, blockSize, progress));
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return create(file, overwrite, bufferSize, replication, blockSize, progress);
  }

  private static void refuseIfReadOnly(Path path) throws IOException {
    if (readOnly) {
      throw new IOException("Read-only file system: " + path.toUri().getPath());
    }
  }

  private static FSDataOutputStream limited(FSDataOutputStream inner) throws IOException {
    return new FSDataOutputStream(
        new FilterOutputStream(inner) {
          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            if (ROOM.addAndGet(-length) < 0) {
              throw new IOException("No space left on device");
            }
            out.write(bytes, from, length);
          }

          @Override
          public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
          }
        },
        null);
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    return plain(super.getFileStatus(path));
  }

  @Override
  public FileStatus[] listStatus(Path folder) throws IOException {
    FileStatus[] found = super.listStatus(folder);
    for (int i = 0; i < found.length; i++) {
      found[i] = plain(found[i]);
    }
    return found;
  }

  /** Without permissions, which the local file system looks up under its own scheme only. */
  private static FileStatus plain(FileStatus status) {
    return new FileStatus(
        status.getLen(),
        status.isDirectory(),
        status.getReplication(),
        status.getBlockSize(),
        status.getModificationTime(),
        status.getPath());
  }
}
