package org.trainyard.training.optimize;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.trainyard.pipeline.cli.Benchmark;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.training.engine.Slice;

/**
 * One step of each update rule on 20 million weights, by one thread, over the time that its bytes
 * take: the memory that it must read and write at the bandwidth of {@code a += s·b} or {@code a +=
 * s·(b + c)}, whichever is higher, over as many arrays of the same length. Bandwidths and rule are
 * measured in turn; the best of several each.
 */
public final class RulesBenchmark implements Benchmark {
  private static final int WEIGHTS = 20_000_000;
  private static final int TURNS = 15;

  /**
   * @param passes arrays of the weights' length that a step reads or writes, at least
   * @param bar of the time over the bound; NaN for rules that must see a layer twice
   */
  private record Subject(String metric, String rule, String settings, int passes, double bar) {
    UpdateRule create() {
      return new Choice<UpdateRule>(UpdateRuleTechnique.class.getName(), rule, settings).create();
    }
  }

  private static final List<Subject> SUBJECTS =
      List.of(
          new Subject("sgd", "sgd", "{}", 3, 1.3),
          new Subject("momentum", "momentum", "{}", 5, 1.3),
          new Subject("nesterov", "momentum", "{\"nesterov\": true}", 5, 1.3),
          new Subject("rmsprop", "rmsprop", "{}", 5, 1.3),
          new Subject("adam", "adam", "{}", 7, 1.3),
          new Subject("adamw", "adamw", "{}", 7, 1.3),
          new Subject("lion", "lion", "{}", 5, 1.3),
          new Subject("lars", "lars", "{}", 7, Double.NaN),
          new Subject("lamb", "lamb", "{}", 12, Double.NaN));

  @Override
  public String name() {
    return "rules";
  }

  @Override
  public String summary() {
    return "a step of each update rule on 20 million weights against the memory's bandwidth";
  }

  @Override
  public List<Figure> run() {
    List<Figure> figures = new ArrayList<>();
    for (Subject subject : SUBJECTS) {
      figures.addAll(measure(subject));
    }
    return figures;
  }

  private static List<Figure> measure(Subject subject) {
    UpdateRule rule = subject.create();
    Slice slice = new Slice("w", 0, new int[] {WEIGHTS}, Slice.Kind.WEIGHT, "w");
    float[][] state = new float[rule.stateArrays()][WEIGHTS];
    float[] weights = random(1);
    float[] gradient = random(2);
    List<float[]> all = new ArrayList<>(List.of(state));
    all.add(weights);
    all.add(gradient);
    double bytes = (double) Float.BYTES * WEIGHTS;
    double bandwidth = 0;
    double step = Double.POSITIVE_INFINITY;
    for (int turn = 1; turn <= TURNS; turn++) {
      bandwidth = Math.max(bandwidth, 3 * all.size() * bytes / nanoseconds(() -> addOne(all)));
      // With two arrays the second term would be the sum itself, which is in the cache.
      if (all.size() > 2) {
        bandwidth = Math.max(bandwidth, 4 * all.size() * bytes / nanoseconds(() -> addTwo(all)));
      }
      long number = turn;
      double rate = 1e-3 * rule.learningRate();
      step =
          Math.min(
              step, nanoseconds(() -> rule.update(slice, weights, gradient, state, number, rate)));
    }
    double bound = subject.passes() * bytes / bandwidth;
    return List.of(
        Figure.shown(subject.metric() + "_ms", step / 1e6),
        Figure.shown(subject.metric() + "_stream_gigabytes_per_second", bandwidth),
        Figure.atMost(subject.metric() + "_over_bandwidth_bound", step / bound, subject.bar()));
  }

  private static double nanoseconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return System.nanoTime() - start;
  }

  private static void addOne(List<float[]> arrays) {
    for (int i = 0; i < arrays.size(); i++) {
      add(arrays.get(i), arrays.get((i + 1) % arrays.size()));
    }
  }

  private static void addTwo(List<float[]> arrays) {
    int count = arrays.size();
    for (int i = 0; i < count; i++) {
      add(arrays.get(i), arrays.get((i + 1) % count), arrays.get((i + 2) % count));
    }
  }

  private static void add(float[] to, float[] from) {
    for (int i = 0; i < to.length; i++) {
      to[i] += 1e-9f * from[i];
    }
  }

  private static void add(float[] to, float[] from, float[] other) {
    for (int i = 0; i < to.length; i++) {
      to[i] += 1e-9f * (from[i] + other[i]);
    }
  }

  private static float[] random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[WEIGHTS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.1 * (random.nextDouble() - 0.5));
    }
    return values;
  }
}
