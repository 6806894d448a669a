package org.trainyard.dataprep.read;

import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.trainyard.pipeline.record.InputFile;
import org.trainyard.pipeline.stage.Columns;
import org.trainyard.pipeline.stage.Rejects;
import org.trainyard.pipeline.stage.Source;

/** Files to documents; the reading is planned on the driver and done by tasks. */
final class DocumentSource implements Source {
  /** Index of the first kept column: id, text, source and licence come before it. */
  static final int FIRST_KEPT = 4;

  private final ReadDocumentsSettings settings;
  private final SlicePlan plan;

  DocumentSource(ReadDocumentsSettings settings) {
    this.settings = settings;
    this.plan = new SlicePlan(settings);
  }

  @Override
  public List<String> paths() {
    return settings.paths();
  }

  @Override
  public Columns columns() {
    return new Columns(new StructType(), documentColumns(), List.of());
  }

  private StructType documentColumns() {
    StructType columns =
        new StructType()
            .add("id", DataTypes.StringType)
            .add("text", DataTypes.StringType)
            .add("source", DataTypes.StringType)
            .add("licence", DataTypes.StringType);
    for (KeptField kept : KeptField.all(settings.keepFields())) {
      columns = columns.add(kept.column(), DataTypes.StringType);
    }
    return columns;
  }

  @Override
  public Dataset<Row> open(SparkSession spark, List<InputFile> files) {
    StructType schema = documentColumns();
    for (StructField field : Rejects.COLUMNS.fields()) {
      schema = schema.add(field);
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<SlicePlan.Share> shares = plan.shares(files, context.defaultParallelism());
    if (shares.isEmpty()) {
      return spark.createDataFrame(List.of(), schema);
    }
    Configuration configuration = spark.sessionState().newHadoopConf();
    JavaRDD<Row> rows =
        context
            .parallelize(shares, shares.size())
            .flatMap(
                new ReadShare(
                    DocumentFields.of(settings),
                    settings.maxDocumentBytes(),
                    new SerializableConfiguration(configuration)));
    return spark.createDataFrame(rows, schema);
  }

  private record ReadShare(
      DocumentFields fields, int maxBytes, SerializableConfiguration configuration)
      implements FlatMapFunction<SlicePlan.Share, Row> {

    @Override
    public Iterator<Row> call(SlicePlan.Share share) {
      SliceReader reader = new SliceReader(share.slices(), fields, maxBytes, configuration.value());
      // A limit may leave the reader before its end.
      TaskCompletionListener close = context -> reader.closeAfterTask();
      TaskContext.get().addTaskCompletionListener(close);
      return reader;
    }
  }
}
