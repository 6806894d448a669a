package org.trainyard.dataprep.synthesize;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.trainyard.dataprep.synthesize.kernel.Numbering;
import org.trainyard.dataprep.synthesize.kernel.ProducerThread;
import org.trainyard.dataprep.synthesize.kernel.Producers;
import org.trainyard.dataprep.synthesize.kernel.Reservoir;
import org.trainyard.dataprep.synthesize.kernel.ReservoirCourse;
import org.trainyard.dataprep.synthesize.kernel.Simulator;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.pipeline.batch.kernel.Permutation;

/**
 * Batches drawn from a reservoir that simulations fill while training runs. Each shard has its own
 * simulations and its own reservoir, in the JVM that trains it; nothing is stored.
 *
 * <p>The reservoir lives on through all epochs. Where the state at a position is not at hand (after
 * a failure, on another executor), it is found anew: the course of the reservoir is gone through by
 * numbers, and the samples that lie in it are simulated again. The batches are the same either way.
 */
final class ReservoirFeed implements Feed {
  private static final long serialVersionUID = 1;
  private final Reservoirs.Settings settings;
  private final Simulator simulator;

  ReservoirFeed(Reservoirs.Settings settings, Simulator simulator) {
    this.settings = settings;
    this.simulator = simulator;
  }

  @Override
  public int shards() {
    return settings.shards();
  }

  @Override
  public long batches(int shard, long epoch) {
    return settings.batches();
  }

  @Override
  public Cursor open(int shard, long epoch, long from) {
    if (from < 0 || from > settings.batches()) {
      throw new IndexOutOfBoundsException(
          "batch %d of %d in shard %d".formatted(from, settings.batches(), shard));
    }
    long at = Math.addExact(Math.multiplyExact(epoch, settings.batches()), from);
    Parked.Place place = new Parked.Place(this.settings, shard, at);
    Stream stream = Parked.HERE.take(place).orElseGet(() -> new Stream(shard, at));
    return new StreamCursor(settings, stream, shard, settings.batches() - from);
  }

  private ReservoirCourse course(int shard) {
    return new ReservoirCourse(
        settings.capacity(),
        settings.threshold(),
        settings.fresh(),
        settings.batchSize(),
        Permutation.mix(Permutation.mix(settings.seed() + 0x7265736572766F69L) + shard));
  }

  private Numbering numbering(int shard) {
    return new Numbering(simulator.steps(), settings.together(), shard, settings.shards());
  }

  /** What was drawn in so many epochs, told without making a sample. */
  SortedMap<String, Double> figures(long epochs) {
    long unique = 0;
    long blocked = 0;
    long made = 0;
    for (int shard = 0; shard < settings.shards(); shard++) {
      ReservoirCourse course = course(shard);
      course.skipTo(Math.multiplyExact(epochs, settings.batches()));
      unique += course.reservoir().fresh();
      blocked += course.blocked();
      made += course.next();
    }
    double batches = (double) settings.shards() * settings.batches() * epochs;
    SortedMap<String, Double> figures = new TreeMap<>();
    figures.put("unique_examples", (double) unique);
    figures.put("draws_per_example", batches * settings.batchSize() / unique);
    figures.put("simulations", (double) made / simulator.steps());
    figures.put("blocked_share", blocked / batches);
    return figures;
  }

  /** A shard's reservoir with its samples, at a position. */
  final class Stream {
    private final int width = Producers.width(simulator);
    private final Numbering numbering;
    private final ReservoirCourse course;
    private final float[] samples;
    private final ProducerThread producers;
    private final int[] slots = new int[settings.batchSize()];
    private long position;

    Stream(int shard, long position) {
      this.position = position;
      numbering = numbering(shard);
      course = course(shard);
      course.skipTo(position);
      samples = new float[Math.multiplyExact(settings.capacity(), width)];
      Producers.remake(simulator, numbering, settings.seed(), course.reservoir(), samples);
      producers =
          new ProducerThread(
              new Producers(simulator, numbering, settings.seed(), course.next()),
              width,
              settings.ahead());
    }

    Batch next() {
      course.batch(slots, slot -> producers.take(samples, slot * width));
      position++;
      int inputs = simulator.inputs();
      int targets = simulator.targets();
      int n = slots.length;
      long[] ids = new long[n];
      float[] input = new float[n * inputs];
      float[] target = new float[n * targets];
      Reservoir reservoir = course.reservoir();
      for (int at = 0; at < n; at++) {
        long sample = reservoir.sample(slots[at]);
        ids[at] = numbering.simulation(sample) * simulator.steps() + numbering.step(sample);
        System.arraycopy(samples, slots[at] * width, input, at * inputs, inputs);
        System.arraycopy(samples, slots[at] * width + inputs, target, at * targets, targets);
      }
      return Batch.of(
          ids,
          Tensor.ofFloats(Batch.INPUT, new int[] {n, inputs}, input),
          Tensor.ofFloats(Batch.TARGET, new int[] {n, targets}, target));
    }
  }

  private static final class StreamCursor implements Cursor {
    private final Reservoirs.Settings settings;
    private final Stream stream;
    private final int shard;
    private long left;
    private boolean sound = true;
    private boolean closed;

    StreamCursor(Reservoirs.Settings settings, Stream stream, int shard, long left) {
      this.settings = settings;
      this.stream = stream;
      this.shard = shard;
      this.left = left;
    }

    @Override
    public Optional<Batch> next() {
      if (left == 0) {
        return Optional.empty();
      }
      sound = false;
      Batch batch = stream.next();
      sound = true;
      left--;
      return Optional.of(batch);
    }

    /** Leaves the reservoir for whoever goes on from here, such as the next epoch. */
    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      stream.producers.pause();
      if (sound) {
        Parked.HERE.leave(new Parked.Place(settings, shard, stream.position), stream);
      }
    }
  }
}
