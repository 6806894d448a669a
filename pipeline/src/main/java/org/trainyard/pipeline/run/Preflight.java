package org.trainyard.pipeline.run;

import java.util.List;
import org.apache.spark.SparkConf;

/**
 * Looks whether the environment can run anything at all, before it fails in the middle with an
 * error that nobody understands. Found by {@link java.util.ServiceLoader}.
 */
public interface Preflight {

  /**
   * Every problem in one line: what is wrong, and how to mend it. Empty if all is well.
   *
   * @param conf as the session will be started
   */
  List<String> problems(SparkConf conf);
}
