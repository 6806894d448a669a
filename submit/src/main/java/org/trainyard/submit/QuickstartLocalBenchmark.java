package org.trainyard.submit;

import java.io.IOException;
import java.util.List;

/** {@code trainyard bench quickstart-local}: the main job in one JVM. */
public class QuickstartLocalBenchmark extends PipelineBenchmark {
  /** The main job. */
  static final String PIPELINE = "conf/quickstart.yaml";

  /** For {@link java.util.ServiceLoader}. */
  public QuickstartLocalBenchmark() {
    super(PIPELINE);
  }

  @Override
  public String name() {
    return "quickstart-local";
  }

  @Override
  public String summary() {
    return "the main job from nothing: time, and bits per byte against the unigram baseline";
  }

  @Override
  List<Figure> figures(Measured measured) throws IOException {
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
