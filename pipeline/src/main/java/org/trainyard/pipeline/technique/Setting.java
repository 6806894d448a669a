package org.trainyard.pipeline.technique;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One key of a settings record. The key is the component's name in kebab-case.
 *
 * <p>Component types: {@code String}, {@code int}, {@code long}, {@code double}, {@code boolean},
 * an enum, a nested record, {@link Choice}, and {@code List} or {@code Map<String, …>} of these. A
 * component called {@code seed} takes the pipeline's seed when neither the file nor {@code
 * standard} gives one.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {

  /** Marks a key without a default. */
  String REQUIRED = "\u0000required";

  /** One sentence for {@code describe}, the JSON Schema and the docs; units included. */
  String help();

  /** The default value, written as YAML; {@link #REQUIRED} if the user must choose. */
  String standard() default REQUIRED;

  /** Smallest allowed number, inclusive. */
  double min() default Double.NEGATIVE_INFINITY;

  /** Largest allowed number, inclusive. */
  double max() default Double.POSITIVE_INFINITY;

  /** For a {@link Choice}: the sub-interface of {@link Technique} to choose from. */
  @SuppressWarnings("rawtypes")
  Class<? extends Technique> technique() default Technique.class;
}
