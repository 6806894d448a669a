package org.trainyard.evaluation.metric.kernel;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How often each class was taken for each other.
 *
 * @param counts examples by pair; pairs that never occurred are absent
 */
public record Confusion(SortedMap<Pair, Long> counts) {

  /**
   * What an example is and what it was taken for.
   *
   * @param actual the true class
   * @param predicted the model's class
   */
  public record Pair(int actual, int predicted) implements Comparable<Pair> {
    @Override
    public int compareTo(Pair other) {
      int byActual = Integer.compare(actual, other.actual);
      return byActual != 0 ? byActual : Integer.compare(predicted, other.predicted);
    }
  }

  /**
   * One class.
   *
   * @param label its number
   * @param actual examples that are of it
   * @param predicted examples that were taken for it
   * @param correct examples that are both
   */
  public record ClassCounts(int label, long actual, long predicted, long correct) {

    /** Share of the predicted that are right; 0 if none was predicted. */
    public double precision() {
      return predicted == 0 ? 0 : (double) correct / predicted;
    }

    /** Share of the actual that were found; 0 if there is none. */
    public double recall() {
      return actual == 0 ? 0 : (double) correct / actual;
    }

    /** Harmonic mean of precision and recall: {@code 2 correct / (actual + predicted)}. */
    public double f1() {
      return actual + predicted == 0 ? 0 : 2.0 * correct / (actual + predicted);
    }
  }

  /** Keeps its own copy. */
  public Confusion {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }

  /** Counts a list of pairs; for small data and tests. */
  public static Confusion of(List<Pair> pairs) {
    SortedMap<Pair, Long> counts = new TreeMap<>();
    pairs.forEach(pair -> counts.merge(pair, 1L, Long::sum));
    return new Confusion(counts);
  }

  /** All examples. */
  public long examples() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Share of examples whose class was found; with one label each, this is the micro F1 too. */
  public double accuracy() {
    long all = examples();
    return all == 0 ? 0 : (double) correct() / all;
  }

  /**
   * Mean F1 of the classes that occur, as truth or as prediction; every class counts alike, however
   * rare.
   */
  public double macroF1() {
    return classes().stream().mapToDouble(ClassCounts::f1).average().orElse(0);
  }

  /** The classes that occur, by number. */
  public List<ClassCounts> classes() {
    SortedSet<Integer> labels = new TreeSet<>();
    counts.keySet().forEach(pair -> Collections.addAll(labels, pair.actual(), pair.predicted()));
    return labels.stream().map(this::of).toList();
  }

  private long correct() {
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().actual() == entry.getKey().predicted())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private ClassCounts of(int label) {
    long actual = 0;
    long predicted = 0;
    for (Map.Entry<Pair, Long> entry : counts.entrySet()) {
      actual += entry.getKey().actual() == label ? entry.getValue() : 0;
      predicted += entry.getKey().predicted() == label ? entry.getValue() : 0;
    }
    return new ClassCounts(
        label, actual, predicted, counts.getOrDefault(new Pair(label, label), 0L));
  }
}
