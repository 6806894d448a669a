package org.trainyard.submit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.io.FileUtils;

/**
 * A master and workers on this machine, each in a JVM of its own, by {@code submit/cluster}.
 *
 * @param scripts that know its folder
 * @param state its folder
 * @param master its address
 */
record StandaloneCluster(Scripts scripts, Path state, String master) implements AutoCloseable {
  private static final Pattern MASTER = Pattern.compile("spark://\\S+");

  /**
   * Starts one.
   *
   * @param cores of each worker
   * @param memory of each worker, as Spark writes it
   */
  static StandaloneCluster start(int workers, int cores, String memory) throws IOException {
    Path state = Files.createTempDirectory("trainyard-cluster-");
    Scripts scripts =
        new Scripts(
            Scripts.find().folder(),
            Map.of("TRAINYARD_CLUSTER", state.toString(), "TRAINYARD_CLUSTER_PORT", "0"));
    String said = scripts.call("cluster", "start", "" + workers, "" + cores, memory);
    Matcher found = MASTER.matcher(said);
    StandaloneCluster cluster =
        new StandaloneCluster(scripts, state, found.find() ? found.group() : "");
    if (cluster.master.isEmpty()) {
      cluster.close();
      throw new IOException("submit/cluster names no master: " + said);
    }
    return cluster;
  }

  @Override
  public void close() throws IOException {
    try {
      var unused = scripts.call("cluster", "stop");
    } finally {
      FileUtils.deleteDirectory(state.toFile());
    }
  }
}
