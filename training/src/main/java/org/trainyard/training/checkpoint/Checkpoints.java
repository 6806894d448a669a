package org.trainyard.training.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.record.StorageException;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Slice;

/**
 * The checkpoints of one training run: a folder for each, published by writing its {@code
 * checkpoint.json} last, so that a folder without a whole one does not exist for readers. The
 * newest {@code keep} stay, and the newest {@code window} epoch ends.
 *
 * <p>Two drivers that train the same step use one folder. The same step comes to the same state, so
 * the first to publish a position wins, and what is published is never written again: neither pulls
 * a file from under the other.
 *
 * <p>The history is kept beside them in one file a checkpoint, holding the lines since the one
 * before.
 */
public final class Checkpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final String MANIFEST = "checkpoint.json";
  private static final String STATE = "state-%s.safetensors";
  private static final String HISTORY = "history";
  private static final int FORMAT = 1;
  private static final Pattern FOLDER = Pattern.compile("round-(\\d{12})(?:-epoch-(\\d+))?");
  private static final Pattern SEGMENT = Pattern.compile("round-(\\d{12})\\.jsonl");

  private final Storage storage;
  private final Path root;
  private final Layout layout;
  private final int keep;
  private final int window;
  private boolean toldOfAnother;

  /**
   * A published checkpoint.
   *
   * @param state what to go on from
   * @param figures figures of the run so far, by name
   */
  public record Saved(TrainingState state, SortedMap<String, Double> figures) {}

  /** What {@code checkpoint.json} says. */
  private record Manifest(
      int format,
      Position position,
      int ruleArrays,
      SortedMap<String, Double> figures,
      SortedMap<String, Long> files) {}

  private record Folder(Path path, long round, long epochEnd) {
    boolean atEpochEnd() {
      return epochEnd > 0;
    }
  }

  /**
   * @param root a folder of this run alone
   * @param layout of the model
   * @param keep how many of the newest checkpoints stay, at least 1
   * @param window how many of the newest epoch ends stay, at least 1
   */
  public Checkpoints(Storage storage, Path root, Layout layout, int keep, int window) {
    this.storage = storage;
    this.root = root;
    this.layout = layout;
    this.keep = keep;
    this.window = window;
  }

  /**
   * Writes and publishes a checkpoint, then deletes those that are no longer needed.
   *
   * @param history lines of {@code history.jsonl} since the checkpoint before
   * @param figures figures of the run so far, by name
   */
  public void save(TrainingState state, List<String> history, Map<String, Double> figures) {
    Position position = state.position();
    storage.writeNew(segment(position.round()), lines(history));
    Path folder = folder(position);
    if (manifest(folder).isEmpty()) {
      publish(state, folder, new TreeMap<>(figures));
      rotate();
    } else if (!toldOfAnother) {
      toldOfAnother = true;
      LOG.warn("{} is there already: another run trains the same step at the same time", folder);
    }
  }

  private void publish(TrainingState state, Path folder, SortedMap<String, Double> figures) {
    storage.delete(new Path(folder, MANIFEST)); // If there is one, it is broken.
    String name = STATE.formatted(UUID.randomUUID());
    long bytes = SafeTensors.write(storage, new Path(folder, name), Map.of(), arrays(state));
    Manifest manifest =
        new Manifest(
            FORMAT,
            state.position(),
            state.ruleState().size(),
            figures,
            new TreeMap<>(Map.of(name, bytes)));
    if (!storage.writeNew(new Path(folder, MANIFEST), Json.pretty(manifest))) {
      storage.delete(new Path(folder, name));
    }
  }

  private static String lines(List<String> history) {
    StringBuilder text = new StringBuilder();
    history.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private List<SafeTensors.Array> arrays(TrainingState state) {
    List<SafeTensors.Array> arrays = new ArrayList<>();
    for (int i = 0; i < layout.slices().size(); i++) {
      Slice slice = layout.slices().get(i);
      arrays.add(new SafeTensors.Array(slice.name(), slice.shape(), state.parameters().slice(i)));
    }
    for (int k = 0; k < state.ruleState().size(); k++) {
      for (int i = 0; i < layout.slices().size(); i++) {
        Slice slice = layout.slices().get(i);
        float[] values = state.ruleState().get(k).slice(i);
        int[] shape = values.length == slice.length() ? slice.shape() : new int[] {values.length};
        arrays.add(new SafeTensors.Array(ruleName(k, slice), shape, values));
      }
    }
    return arrays;
  }

  private static String ruleName(int array, Slice slice) {
    return "rule-state." + array + "." + slice.name();
  }

  /** The newest published checkpoint; broken and half-written ones are passed over. */
  public Optional<Saved> latest() {
    while (true) {
      Optional<Folder> newest = published().reduce((older, newer) -> newer);
      if (newest.isEmpty()) {
        return Optional.empty();
      }
      Path folder = newest.get().path();
      Optional<Manifest> manifest = manifest(folder);
      try {
        if (manifest.isPresent()) {
          return Optional.of(read(folder, manifest.get()));
        }
      } catch (RuntimeException e) {
        if (manifest(folder).isPresent()) {
          throw e;
        }
        // Another driver has newer ones, and deleted this one while it was read.
      }
    }
  }

  private Stream<Folder> published() {
    return folders().stream().filter(folder -> manifest(folder.path()).isPresent());
  }

  private Saved read(Path folder, Manifest manifest) {
    try (SafeTensors file = SafeTensors.open(storage, state(folder, manifest))) {
      Parameters parameters = Parameters.zeros(layout);
      for (int i = 0; i < layout.slices().size(); i++) {
        Slice slice = layout.slices().get(i);
        fill(file, folder, slice, slice.name(), parameters.slice(i));
      }
      List<Parameters> ruleState = new ArrayList<>();
      for (int k = 0; k < manifest.ruleArrays(); k++) {
        int array = k;
        ruleState.add(
            Parameters.of(
                layout.slices().stream()
                    .map(slice -> file.values(ruleName(array, slice)))
                    .toArray(float[][]::new)));
      }
      return new Saved(
          new TrainingState(manifest.position(), parameters, ruleState), manifest.figures());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void fill(SafeTensors file, Path folder, Slice slice, String name, float[] into) {
    if (!Arrays.equals(file.shape(name), slice.shape())) {
      throw new DataException(
          "%s: '%s' has the shape %s, but the model's is %s. Delete the checkpoint to start anew"
              .formatted(
                  folder, name, Arrays.toString(file.shape(name)), Arrays.toString(slice.shape())));
    }
    System.arraycopy(file.values(name), 0, into, 0, into.length);
  }

  /**
   * The latest published epoch ends, oldest first, without a gap.
   *
   * @param count how many; fewer if there were not so many epochs
   * @param before only those with fewer epochs done than this
   * @throws StorageException if one of them is gone
   */
  public List<Snapshot> epochEnds(int count, long before) {
    SortedMap<Long, Snapshot> ends = new TreeMap<>();
    for (Folder folder : folders()) {
      if (folder.atEpochEnd()
          && folder.epochEnd() < before
          && folder.epochEnd() >= before - count) {
        manifest(folder.path())
            .map(manifest -> new Stored(folder.epochEnd(), state(folder.path(), manifest)))
            .ifPresent(end -> ends.put(end.epoch(), end));
      }
    }
    if (ends.size() < Math.min(count, before - 1)) {
      throw new StorageException(
          "%s: of the checkpoints of epochs %d to %d only %s are there: another run works on this step too, or has made it. Run again."
              .formatted(root, Math.max(1, before - count), before - 1, ends.keySet()),
          new FileNotFoundException(root.toString()));
    }
    return List.copyOf(ends.values());
  }

  private static Path state(Path folder, Manifest manifest) {
    return new Path(folder, manifest.files().firstKey());
  }

  /**
   * A snapshot in a file, which is opened for each slice: there are few, and nothing stays open.
   */
  private final class Stored implements Snapshot {
    private final long epoch;
    private final Path file;

    Stored(long epoch, Path file) {
      this.epoch = epoch;
      this.file = file;
    }

    @Override
    public long epoch() {
      return epoch;
    }

    @Override
    public float[] slice(int index) {
      try (SafeTensors tensors = SafeTensors.open(storage, file)) {
        return tensors.values(layout.slices().get(index).name());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Writes the history of all rounds up to a checkpoint into one file.
   *
   * @param round of the checkpoint
   */
  public void writeHistory(long round, Path file) {
    try (OutputStream out = storage.create(file)) {
      for (FileStatus segment : storage.children(new Path(root, HISTORY))) {
        Matcher name = SEGMENT.matcher(segment.getPath().getName());
        if (name.matches() && Long.parseLong(name.group(1)) <= round) {
          String text = storage.read(segment.getPath()).orElse("");
          out.write(text.getBytes(StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      throw new StorageException(
          "Cannot write %s: %s. Check that the storage is up and has room."
              .formatted(file, Storage.reason(e)),
          e);
    }
  }

  private void rotate() {
    List<Folder> published = published().toList();
    List<Folder> ends = published.stream().filter(Folder::atEpochEnd).toList();
    Set<Path> needed = new HashSet<>();
    newest(published, keep).forEach(folder -> needed.add(folder.path()));
    newest(ends, window).forEach(folder -> needed.add(folder.path()));
    for (Folder folder : folders()) {
      if (!needed.contains(folder.path())) {
        storage.delete(new Path(folder.path(), MANIFEST));
        storage.delete(folder.path());
      }
    }
  }

  private static List<Folder> newest(List<Folder> folders, int count) {
    return folders.subList(Math.max(0, folders.size() - count), folders.size());
  }

  private List<Folder> folders() {
    List<Folder> folders = new ArrayList<>();
    for (FileStatus child : storage.children(root)) {
      Matcher name = FOLDER.matcher(child.getPath().getName());
      if (name.matches()) {
        long epochEnd = name.group(2) == null ? 0 : Long.parseLong(name.group(2));
        folders.add(new Folder(child.getPath(), Long.parseLong(name.group(1)), epochEnd));
      }
    }
    return folders;
  }

  private Path folder(Position position) {
    String name = round(position.round());
    return new Path(root, position.atEpochEnd() ? name + "-epoch-" + position.epoch() : name);
  }

  private Path segment(long round) {
    return new Path(new Path(root, HISTORY), round(round) + ".jsonl");
  }

  private static String round(long round) {
    return String.format(Locale.ROOT, "round-%012d", round);
  }

  private Optional<Manifest> manifest(Path folder) {
    try {
      return storage
          .read(new Path(folder, MANIFEST))
          .map(text -> Json.read(text, Manifest.class))
          .filter(manifest -> whole(folder, manifest));
    } catch (UncheckedIOException e) {
      return Optional.empty();
    } catch (StorageException e) {
      if (e.getCause() instanceof ChecksumException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private boolean whole(Path folder, Manifest manifest) {
    Map<String, Long> present = new TreeMap<>();
    storage.children(folder).forEach(file -> present.put(file.getPath().getName(), file.getLen()));
    return manifest.format() == FORMAT
        && manifest.files().entrySet().stream()
            .allMatch(file -> file.getValue().equals(present.get(file.getKey())));
  }
}
