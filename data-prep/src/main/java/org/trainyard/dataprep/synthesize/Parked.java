package org.trainyard.dataprep.synthesize;

import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reservoirs that were left in this JVM, each for whoever goes on at its position. Given up when
 * memory is short or too many are left: any of them can be made anew.
 */
final class Parked {
  /** Those of this JVM. */
  static final Parked HERE = new Parked();

  private static final int MOST = 256;

  /** A position of a shard, counted in batches from the start of training. */
  record Place(Reservoirs.Settings settings, int shard, long position) {}

  private final Map<Place, SoftReference<ReservoirFeed.Stream>> left =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(
            Map.Entry<Place, SoftReference<ReservoirFeed.Stream>> eldest) {
          return size() > MOST;
        }
      };

  private Parked() {}

  synchronized void leave(Place place, ReservoirFeed.Stream stream) {
    left.put(place, new SoftReference<>(stream));
  }

  /** Takes what was left there; nobody else gets it then. */
  synchronized Optional<ReservoirFeed.Stream> take(Place place) {
    return Optional.ofNullable(left.remove(place)).map(SoftReference::get);
  }

  /** Gives up all that was left. */
  synchronized void clear() {
    left.clear();
  }
}
