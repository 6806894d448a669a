package org.trainyard.pipeline.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.PipelineFile;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.run.Graph;
import org.trainyard.pipeline.run.Sampling;
import org.trainyard.pipeline.technique.Settings;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that every command with a pipeline file has. */
public final class PipelineOptions {
  @Parameters(
      index = "0",
      paramLabel = "PIPELINE",
      description = "Pipeline file (YAML), local or on any Hadoop file system; see conf/.")
  private String file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides one key, such as model.epochs=2 or output=hdfs:///runs; repeatable.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  @Option(
      names = "--limit",
      paramLabel = "ROWS",
      description = "Reads at most this many rows of each source; the same rows each time.")
  private long limit;

  @Option(
      names = "--sample",
      paramLabel = "SHARE",
      description = "Reads this share of each source, 0 to 1; the same rows each time.")
  private double share = 1;

  /** The file as given. */
  public String file() {
    return file;
  }

  /** What to leave out. */
  public Sampling sampling() {
    if (limit < 0) {
      throw new ConfigException("--limit", "must be at least 0, but is " + limit);
    }
    if (!(share > 0 && share <= 1)) {
      throw new ConfigException("--sample", "must be above 0 and at most 1, but is " + share);
    }
    return new Sampling(limit, share);
  }

  /** Reads the file with its overrides. */
  public PipelineFile read() {
    return read(file, overrides);
  }

  /**
   * Reads a pipeline file with overrides.
   *
   * @throws DataException if there is no such file
   * @throws ConfigException if it is wrong, with the file's name in front
   */
  public static PipelineFile read(String file, Map<String, String> overrides) {
    Storage storage = storage();
    String text =
        storage
            .read(new Path(file))
            .orElseThrow(
                () ->
                    new DataException(
                        "%s: no such pipeline file. Look into conf/ for examples."
                            .formatted(storage.qualified(file))));
    try {
      return PipelineFile.parse(text, overrides);
    } catch (ConfigException e) {
      throw Settings.inFile(e, file);
    }
  }

  /** Reads, binds and checks. */
  public Graph graph() {
    PipelineFile read = read();
    try {
      return Graph.of(read);
    } catch (ConfigException e) {
      throw Settings.inFile(e, file);
    }
  }

  /** File systems as spark-submit's configuration has them, without a session. */
  public static Storage storage() {
    Configuration configuration = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    return new Storage(configuration);
  }
}
