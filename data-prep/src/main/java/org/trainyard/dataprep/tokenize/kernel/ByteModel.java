package org.trainyard.dataprep.tokenize.kernel;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * Foretells the next byte from the few bytes before it: counts of byte n-grams, each context mixed
 * with the context one byte shorter in the proportion of Witten and Bell (occurrences to different
 * followers), the shortest with all bytes alike. Everything is whole numbers, so two machines agree
 * to the last bit, which an arithmetic coder needs. Every byte has at least 1 of {@value #TOTAL}.
 *
 * <p>Memory: 512 bytes a context. A state is the number of a context; {@link #START} is the empty
 * one.
 */
public final class ByteModel implements Serializable {
  private static final long serialVersionUID = 1;

  /** What the frequencies of a context add up to. */
  public static final int TOTAL = 1 << 16;

  /** Longest context, bytes. */
  public static final int LONGEST = 3;

  /** State before the first byte. */
  public static final int START = 0;

  private static final long LARGEST_COUNT = 1L << 30;

  private final int order;
  private final int[] keys;
  private final int[] states;
  private final int[] contexts;

  /** For each state the sum of the frequencies of all smaller bytes, shape [states, 256]. */
  private final char[][] below;

  /**
   * @param order longest context to look at, bytes, 0 to {@value #LONGEST}
   * @param counts context, as bytes from old to new, to how often each byte followed it, shape
   *     [256]
   */
  public ByteModel(int order, Map<byte[], long[]> counts) {
    if (order < 0 || order > LONGEST) {
      throw new IllegalArgumentException("The order must be 0 to 3, but is " + order);
    }
    this.order = order;
    TreeMap<byte[], long[]> sorted =
        new TreeMap<>(
            Comparator.<byte[]>comparingInt(context -> context.length)
                .thenComparing(Arrays::compareUnsigned));
    sorted.put(new byte[0], new long[256]);
    sorted.putAll(counts);
    int slots = Integer.highestOneBit(sorted.size()) * 4;
    keys = new int[slots];
    states = new int[slots];
    contexts = new int[sorted.size()];
    below = new char[sorted.size()][];
    int state = 0;
    for (Map.Entry<byte[], long[]> entry : sorted.entrySet()) {
      byte[] context = entry.getKey();
      if (context.length > order) {
        throw new IllegalArgumentException("A context is longer than " + order + " bytes");
      }
      int window = 0;
      for (byte one : context) {
        window = (window << 8) | (one & 0xFF);
      }
      int parent = context.length == 0 ? -1 : state(window, context.length - 1);
      below[state] = sums(frequencies(entry.getValue(), parent));
      contexts[state] = window | context.length << 24;
      int slot = slot(window, context.length);
      keys[slot] = key(window, context.length);
      states[slot] = state++;
    }
  }

  private int[] frequencies(long[] followers, int parent) {
    long most = 0;
    long different = 0;
    for (long count : followers) {
      most += count;
      different += count > 0 ? 1 : 0;
    }
    int shift = Math.max(0, 64 - Long.numberOfLeadingZeros(most / LARGEST_COUNT));
    long sum = 0;
    long[] counts = new long[256];
    for (int value = 0; value < 256; value++) {
      counts[value] = followers[value] == 0 ? 0 : Math.max(1, followers[value] >> shift);
      sum += counts[value];
    }
    long prior = Math.max(1, different);
    int[] frequencies = new int[256];
    int likeliest = 0;
    int given = 0;
    for (int value = 0; value < 256; value++) {
      long expected = parent < 0 ? TOTAL / 256 : frequency(parent, value);
      long weight = counts[value] * TOTAL + prior * expected;
      frequencies[value] = 1 + (int) (weight * (TOTAL - 256) / ((sum + prior) * TOTAL));
      given += frequencies[value];
      likeliest = frequencies[value] > frequencies[likeliest] ? value : likeliest;
    }
    frequencies[likeliest] += TOTAL - given;
    return frequencies;
  }

  private static char[] sums(int[] frequencies) {
    char[] sums = new char[256];
    for (int value = 1; value < 256; value++) {
      sums[value] = (char) (sums[value - 1] + frequencies[value - 1]);
    }
    return sums;
  }

  /** Number of contexts. */
  public int contexts() {
    return below.length;
  }

  /** Longest context to look at, bytes. */
  public int order() {
    return order;
  }

  /** Sum of the frequencies of the bytes below {@code value}, 0 to 256: what lies to its left. */
  public int below(int state, int value) {
    return value == 256 ? TOTAL : below[state][value];
  }

  /** Frequency of a byte, 1 to {@value #TOTAL} - 255. */
  public int frequency(int state, int value) {
    return below(state, value + 1) - below(state, value);
  }

  /** The byte whose part of the whole holds {@code point}, 0 to {@value #TOTAL} - 1. */
  public int at(int state, int point) {
    int low = 0;
    int high = 255;
    while (low < high) {
      int middle = low + high + 1 >>> 1;
      if (below[state][middle] <= point) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** The state after another byte: that of the longest context known. */
  public int next(int state, int value) {
    int length = Math.min(order, (contexts[state] >>> 24) + 1);
    return state(contexts[state] << 8 | value, length);
  }

  private int state(int window, int longest) {
    for (int length = longest; length > 0; length--) {
      int slot = slot(window, length);
      if (keys[slot] != 0) {
        return states[slot];
      }
    }
    return START;
  }

  private int slot(int window, int length) {
    int key = key(window, length);
    int mask = keys.length - 1;
    int slot = key * 0x9E3779B9 >>> 7 & mask;
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  /** Never 0, which marks a free slot. */
  private static int key(int window, int length) {
    return (window & ((1 << (8 * length)) - 1)) | ((length + 1) << 24);
  }
}
