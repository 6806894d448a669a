package org.trainyard.submit;

import java.util.List;

/** {@code trainyard bench language-id}: a classifier over bytes, judged on held-out paragraphs. */
public final class LanguageIdBenchmark extends PipelineBenchmark {

  /** For {@link java.util.ServiceLoader}. */
  public LanguageIdBenchmark() {
    super("conf/language-id.yaml");
  }

  @Override
  public String name() {
    return "language-id";
  }

  @Override
  public String summary() {
    return "a classifier over bytes from nothing: accuracy on held-out paragraphs";
  }

  @Override
  List<Figure> figures(Measured measured) {
    return List.of(
        Figure.atLeast("accuracy", measured.metric("evaluation", "accuracy"), 0.95),
        Figure.atLeast("languages", measured.metric("batches", "classes"), 20),
        Figure.shown("majority_accuracy", measured.metric("evaluation", "majority_accuracy")),
        Figure.shown("seconds", measured.seconds()));
  }
}
