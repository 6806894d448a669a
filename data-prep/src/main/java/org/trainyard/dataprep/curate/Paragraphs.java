package org.trainyard.dataprep.curate;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.posexplode_outer;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.split;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.trainyard.pipeline.stage.Columns;
import org.trainyard.pipeline.stage.Rejects;
import org.trainyard.pipeline.stage.Stage;
import org.trainyard.pipeline.stage.StageTechnique;
import org.trainyard.pipeline.technique.Card;

/** The technique {@code paragraphs}. */
@Card(
    name = "paragraphs",
    what = "Makes each paragraph of a document a row of its own.",
    how =
        "Paragraphs are parted by blank lines. A paragraph's id is its document's with ¶ and its number,"
            + " from 1; all other columns are the document's.",
    avoid =
        "Text whose lines are parted by blank lines throughout, and models that need long context.")
public final class Paragraphs implements StageTechnique<ParagraphsSettings> {

  @Override
  public Class<ParagraphsSettings> settings() {
    return ParagraphsSettings.class;
  }

  @Override
  public Stage create(ParagraphsSettings settings) {
    return new Expand(settings);
  }

  private record Expand(ParagraphsSettings settings) implements Stage {
    private static final String NUMBER = "paragraphs_number";
    private static final String PIECE = "paragraphs_piece";
    private static final String MARGIN = "^\\s+|\\s+$";

    @Override
    public Columns columns() {
      return Columns.NONE.needsText("id", "text");
    }

    @Override
    public boolean expands() {
      return true;
    }

    @Override
    public Dataset<Row> apply(Dataset<Row> input) {
      Dataset<Row> tracked = Rejects.tracked(input);
      Column stripped = regexp_replace(col("text"), MARGIN, "");
      Column pieces =
          when(Rejects.alive(), split(stripped, "\\s*\\n[^\\S\\n]*\\n\\s*"))
              .otherwise(array(col("text")));
      List<Column> columns = new ArrayList<>();
      Arrays.stream(tracked.columns()).forEach(name -> columns.add(col(name)));
      columns.add(posexplode_outer(pieces).as(new String[] {NUMBER, PIECE}));
      Dataset<Row> expanded =
          tracked
              .select(columns.toArray(Column[]::new))
              .withColumn("text", col(PIECE))
              .withColumn(
                  "id",
                  when(Rejects.alive(), concat_ws("¶", col("id"), col(NUMBER).plus(1)))
                      .otherwise(col("id")))
              .drop(NUMBER, PIECE);
      Column characters = length(col("text"));
      return Rejects.mark(
          expanded,
          when(characters.lt(settings.minCharacters()), "paragraph-too-short"),
          concat(characters, lit(" characters, at least " + settings.minCharacters() + " asked")));
    }
  }
}
