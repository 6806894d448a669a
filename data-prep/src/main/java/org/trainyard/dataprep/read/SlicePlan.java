package org.trainyard.dataprep.read;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.trainyard.pipeline.record.InputFile;

/** Cuts files into slices and deals them to tasks; what is read does not depend on the cuts. */
final class SlicePlan {
  /** Smaller slices cost more in starting tasks than they win. */
  private static final long LEAST_BYTES = 1 << 20;

  /** What opening a file costs, as bytes read in that time. */
  private static final long OPENING_BYTES = 1 << 16;

  /** How much more work a compressed byte is. */
  private static final int COMPRESSION_FACTOR = 4;

  /** Tasks for each slot, so that uneven ones even out. */
  private static final int TASKS_PER_SLOT = 3;

  private final ReadDocumentsSettings settings;
  private final Licences licences;

  SlicePlan(ReadDocumentsSettings settings) {
    this.settings = settings;
    this.licences = new Licences(settings.licences(), settings.licence());
  }

  /**
   * What one task reads.
   *
   * @param slices one after another
   */
  record Share(List<Slice> slices) implements Serializable {}

  /** Cuts and deals, for so many task slots. */
  List<Share> shares(List<InputFile> files, int slots) {
    FileNames names = new FileNames(files);
    long all = files.stream().mapToLong(InputFile::bytes).sum();
    long even = Math.max(LEAST_BYTES, all / ((long) TASKS_PER_SLOT * Math.max(1, slots)));
    long target = Math.min(settings.sliceBytes(), even);
    List<Share> shares = new ArrayList<>();
    List<Slice> share = new ArrayList<>();
    long weight = 0;
    for (InputFile file : files) {
      for (Slice slice : slices(file, names.of(file), target)) {
        long sliceWeight = weight(slice);
        if (!share.isEmpty() && weight + sliceWeight > target) {
          shares.add(new Share(List.copyOf(share)));
          share.clear();
          weight = 0;
        }
        share.add(slice);
        weight += sliceWeight;
      }
    }
    if (!share.isEmpty()) {
      shares.add(new Share(List.copyOf(share)));
    }
    return shares;
  }

  private List<Slice> slices(InputFile file, String name, long target) {
    Format format = settings.format().of(file.path());
    String licence = licences.of(file.path());
    Slice whole = new Slice(file.path(), name, format, licence, file.bytes(), 0, Long.MAX_VALUE);
    boolean lines = format == Format.JSONL && whole.compression() == Compression.NONE;
    if (file.bytes() <= target || !(lines || format == Format.PARQUET)) {
      return List.of(whole);
    }
    List<Slice> slices = new ArrayList<>();
    for (long start = 0; start < file.bytes(); start += target) {
      long end = start + target < file.bytes() ? start + target : Long.MAX_VALUE;
      slices.add(new Slice(file.path(), name, format, licence, file.bytes(), start, end));
    }
    return slices;
  }

  private static long weight(Slice slice) {
    long bytes = Math.min(slice.end(), slice.fileBytes()) - slice.start();
    int factor = slice.compression() == Compression.NONE ? 1 : COMPRESSION_FACTOR;
    return OPENING_BYTES + bytes * factor;
  }
}
