package org.trainyard.pipeline.run;

import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.FileEntry;
import org.trainyard.pipeline.record.Output;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.Storage;

/**
 * The folders of an output: {@code <output>/<step>/<first 16 digits of the key>/}. A version exists
 * for readers from the moment its {@code record.json} is there, in one act, after all its files,
 * and no file of it is moved: the same holds on local disk, HDFS and S3.
 */
public final class Versions {
  private static final int KEY_DIGITS = 16;

  /** Folder of what attempts keep for those after them. */
  static final String CHECKPOINT = "checkpoint";

  private static final long STALE_MILLISECONDS = 24L * 60 * 60 * 1000;

  private final Storage storage;
  private final Path output;

  /** Versions below an output folder. */
  public Versions(Storage storage, Path output) {
    this.storage = storage;
    this.output = output;
  }

  /** The folder of a version, published or not. */
  public Path folder(String step, String key) {
    return new Path(output, step + "/" + digits(key));
  }

  /** As much of a key as names the folder. */
  static String digits(String key) {
    return key.substring(0, KEY_DIGITS);
  }

  /** Where attempts at this version keep what must survive them. */
  public Path checkpoint(String step, String key) {
    return new Path(folder(step, key), CHECKPOINT);
  }

  /** A folder of its own for one attempt, so that two drivers never write into one another. */
  public Path attempt(String step, String key, String run) {
    return new Path(folder(step, key), "attempt-" + run);
  }

  /**
   * The record of a published version.
   *
   * @throws DataException if it is broken, or a file that it lists is gone or has another length
   */
  public Optional<StepRecord> published(String step, String key) {
    Path folder = folder(step, key);
    Optional<StepRecord> record =
        storage.read(new Path(folder, StepRecord.FILE)).map(text -> parse(text, folder));
    record.ifPresent(found -> verify(found, folder));
    return record;
  }

  private static StepRecord parse(String text, Path folder) {
    try {
      return Json.read(text, StepRecord.class);
    } catch (UncheckedIOException e) {
      throw new DataException(
          "%s/%s: is not a whole record. Delete the folder %s to make it anew."
              .formatted(folder, StepRecord.FILE, folder),
          e);
    }
  }

  private void verify(StepRecord record, Path folder) {
    for (Output made : record.outputs().values()) {
      Map<String, Long> present =
          storage.filesBelow(new Path(folder, made.folder())).stream()
              .collect(Collectors.toMap(file -> relative(folder, file), FileStatus::getLen));
      for (FileEntry file : made.files()) {
        Long bytes = present.get(file.path());
        if (bytes == null || bytes != file.bytes()) {
          throw new DataException(
              "%s/%s: is %s, but its record says %d bytes. Delete the folder %s to make it anew."
                  .formatted(
                      folder,
                      file.path(),
                      bytes == null ? "gone" : bytes + " bytes",
                      file.bytes(),
                      folder));
        }
      }
    }
  }

  /** The path of a file below a version folder. */
  String relative(Path folder, FileStatus file) {
    String root = storage.qualified(folder.toString()).toString();
    return file.getPath().toString().substring(root.length() + 1);
  }

  /**
   * Publishes a version by writing its record, and clears what only attempts needed.
   *
   * @return the record that stands: another driver may have been first with the same key
   */
  public StepRecord publish(StepRecord record, String run) {
    Path folder = folder(record.step(), record.key());
    boolean first = storage.writeNew(new Path(folder, StepRecord.FILE), Json.pretty(record));
    storage.delete(new Path(folder, CHECKPOINT));
    if (first) {
      return record;
    }
    storage.delete(attempt(record.step(), record.key(), run));
    return published(record.step(), record.key()).orElseThrow();
  }

  /**
   * Deletes what attempts left behind a day or more ago; younger ones may belong to a living run.
   */
  public void clearStaleAttempts(String step, String key, String keepRun, long now) {
    for (FileStatus child : storage.children(folder(step, key))) {
      String name = child.getPath().getName();
      if (name.startsWith("attempt-")
          && !name.equals("attempt-" + keepRun)
          && lastTouched(child) < now - STALE_MILLISECONDS) {
        storage.delete(child.getPath());
      }
    }
  }

  /**
   * When anything in it was last written: a folder's own time says nothing, on S3 not even that.
   */
  private long lastTouched(FileStatus status) {
    return status.isDirectory()
        ? storage.children(status.getPath()).stream()
            .mapToLong(this::lastTouched)
            .max()
            .orElse(status.getModificationTime())
        : status.getModificationTime();
  }
}
