package org.trainyard.training.combine;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.trainyard.training.engine.Parameters;

/**
 * What the shards of a round agree on.
 *
 * @param mean of gradients or of parameters, by weight; shares no array with a contribution
 * @param distrusted shards whose contribution was left out
 */
public record Combined(Parameters mean, SortedSet<Integer> distrusted) {
  /** Keeps its own copy of the set. */
  public Combined {
    distrusted = Collections.unmodifiableSortedSet(new TreeSet<>(distrusted));
  }
}
