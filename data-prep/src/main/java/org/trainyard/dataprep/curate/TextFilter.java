package org.trainyard.dataprep.curate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.io.Serializable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.dataprep.curate.kernel.Finding;
import org.trainyard.dataprep.curate.kernel.TextRule;
import org.trainyard.pipeline.stage.Columns;
import org.trainyard.pipeline.stage.Rejects;
import org.trainyard.pipeline.stage.Stage;

/** Rejects the documents that a rule finds fault with. */
final class TextFilter implements Stage {
  private static final String FINDING = "text_filter_finding";
  private static final StructType FINDING_TYPE =
      new StructType().add("reason", DataTypes.StringType).add("detail", DataTypes.StringType);

  private final RuleMaker maker;

  /** Makes the rule on an executor. */
  @FunctionalInterface
  interface RuleMaker extends Serializable {
    TextRule make();
  }

  TextFilter(RuleMaker maker) {
    this.maker = maker;
  }

  @Override
  public Columns columns() {
    return Columns.NONE.needsText("text");
  }

  @Override
  public Dataset<Row> apply(Dataset<Row> input) {
    Dataset<Row> examined =
        Rejects.tracked(input)
            .withColumn(
                FINDING,
                udf(new Examine(maker), FINDING_TYPE).apply(when(Rejects.alive(), col("text"))));
    return Rejects.mark(examined, col(FINDING + ".reason"), col(FINDING + ".detail")).drop(FINDING);
  }

  /** Each task deserialises its own copy, so that the rule's buffers are its own. */
  private static final class Examine implements UDF1<String, Row> {
    private static final long serialVersionUID = 1;
    private final RuleMaker maker;
    private transient TextRule rule;

    Examine(RuleMaker maker) {
      this.maker = maker;
    }

    @Override
    public Row call(String text) {
      if (text == null) {
        return null;
      }
      if (rule == null) {
        rule = maker.make();
      }
      Finding finding = rule.examine(text);
      return finding.keeps() ? null : RowFactory.create(finding.reason(), finding.detail());
    }
  }
}
