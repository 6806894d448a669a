package org.trainyard.pipeline.technique;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the catalogue says of a technique: its name, what it does, when it does not help, its
 * source.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Card {

  /** Lower-case, hyphenated, unique within its kind: the name written in YAML. */
  String name();

  /** Raised whenever the same input and settings would give another output: old results re-run. */
  int version() default 1;

  /** One sentence: what it does. */
  String what();

  /** A few sentences: how it works, and how to choose its settings. */
  String how() default "";

  /** When it does not help, or does harm. */
  String avoid() default "";

  /** Sources, each {@code "Title (arXiv 2209.14981)"} or the like. */
  String[] papers() default {};
}
