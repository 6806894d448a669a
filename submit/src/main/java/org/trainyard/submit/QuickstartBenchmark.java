package org.trainyard.submit;

import java.util.List;

/**
 * {@code trainyard bench quickstart}: the main job, from raw files to an evaluated language model.
 */
public final class QuickstartBenchmark extends PipelineBenchmark {

  /** For {@link java.util.ServiceLoader}. */
  public QuickstartBenchmark() {
    super("conf/quickstart.yaml");
  }

  @Override
  public String name() {
    return "quickstart";
  }

  @Override
  public String summary() {
    return "the main job from nothing: time, and bits per byte against the unigram baseline";
  }

  @Override
  List<Figure> figures(Measured measured) {
    return List.of(
        Figure.atMost("seconds", measured.seconds(), 480),
        Figure.atLeast(
            "gain_over_unigram", measured.metric("evaluation", "gain_over_unigram"), 0.15),
        Figure.shown("bits_per_byte", measured.metric("evaluation", "bits_per_byte")),
        Figure.shown(
            "unigram_bits_per_byte", measured.metric("evaluation", "unigram_bits_per_byte")),
        Figure.shown("padding_share", measured.metric("batches", "padding_share")));
  }
}
