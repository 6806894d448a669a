package org.trainyard.pipeline.cli;

import java.util.concurrent.Callable;

/**
 * A command of {@code trainyard}: a class annotated with picocli's {@code @Command}, with a line in
 * {@code META-INF/services}. It returns an exit code of {@link org.trainyard.pipeline.run.Failure},
 * or throws one of the product's exceptions.
 */
public interface Command extends Callable<Integer> {}
