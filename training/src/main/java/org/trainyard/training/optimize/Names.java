package org.trainyard.training.optimize;

import java.io.Serializable;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.trainyard.training.engine.Slice;

/**
 * Some slices of a layout, by name.
 *
 * @param pattern matches their names
 */
public record Names(Pattern pattern) implements Serializable {

  /** Names in which {@code *} stands for any text, such as {@code lstm-*.bias}. */
  public static Names like(String names) {
    return new Names(
        Pattern.compile(
            Arrays.stream(names.split("\\*", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*"))));
  }

  /** Whether a slice is one of them. */
  public boolean has(Slice slice) {
    return pattern.matcher(slice.name()).matches();
  }
}
