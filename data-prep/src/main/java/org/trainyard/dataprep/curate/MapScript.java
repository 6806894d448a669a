package org.trainyard.dataprep.curate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.trainyard.dataprep.curate.kernel.ScriptMap;
import org.trainyard.pipeline.stage.Columns;
import org.trainyard.pipeline.stage.Rejects;
import org.trainyard.pipeline.stage.Stage;
import org.trainyard.pipeline.stage.StageTechnique;
import org.trainyard.pipeline.technique.Card;

/** The technique {@code map-script}. */
@Card(
    name = "map-script",
    what = "Writes one script's letters as another's, so that related languages share subwords.",
    how =
        "Letter by letter from a table, before any tokenizer; all else stays as it is, and text of"
            + " the target script passes untouched, so both languages can go through the same step."
            + " Map held-out and new text alike. Letters of your own go before the table's.",
    avoid =
        "Several letters become one, so the text cannot be written back, and bits per byte of"
            + " mapped and unmapped text do not compare.",
    papers =
        "Training a Bilingual Language Model by Mapping Tokens onto a Shared Character Space (arXiv"
            + " 2402.16065)")
public final class MapScript implements StageTechnique<MapScriptSettings> {

  @Override
  public Class<MapScriptSettings> settings() {
    return MapScriptSettings.class;
  }

  @Override
  public Stage create(MapScriptSettings settings) {
    Map<String, String> letters = settings.table().letters();
    letters.putAll(settings.letters());
    return new Mapping(new ScriptMap(letters, settings.finalForms()));
  }

  private record Mapping(ScriptMap letters) implements Stage {

    @Override
    public Columns columns() {
      return Columns.NONE.needsText("text");
    }

    @Override
    public Dataset<Row> apply(Dataset<Row> input) {
      ScriptMap table = letters;
      UDF1<String, String> map = text -> text == null ? null : table.map(text);
      return Rejects.tracked(input)
          .withColumn(
              "text",
              when(Rejects.alive(), udf(map, DataTypes.StringType).apply(col("text")))
                  .otherwise(col("text")));
    }
  }
}
