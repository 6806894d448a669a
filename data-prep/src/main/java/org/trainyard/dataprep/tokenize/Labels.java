package org.trainyard.dataprep.tokenize;

import static org.apache.spark.sql.functions.col;

import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;

/** The names of labels; a label's number is its place among them. */
public final class Labels {
  /** Name of the file in an artifact. */
  public static final String FILE = "labels.json";

  /** More are taken for a mistake: a column of ids or texts. */
  static final int MOST = 10_000;

  private Labels() {}

  /** The different values of a column, sorted. */
  static List<String> distinct(Dataset<Row> documents, String column) {
    List<String> names =
        documents
            .select(col(column))
            .where(col(column).isNotNull())
            .distinct()
            .orderBy(col(column))
            .limit(MOST + 1)
            .as(Encoders.STRING())
            .collectAsList();
    if (names.size() > MOST) {
      throw new DataException(
          "the column '%s' has more than %d different values, so it holds no labels. Name another column in 'label'."
              .formatted(column, MOST));
    }
    if (names.isEmpty()) {
      throw new DataException(
          "the column '%s' has no value in any document. Name another column in 'label'."
              .formatted(column));
    }
    return names;
  }

  /** Writes them into a folder. */
  public static void write(List<String> names, Path folder, Storage storage) {
    storage.write(new Path(folder, FILE), Json.pretty(names));
  }

  /**
   * Reads them from a folder.
   *
   * @throws DataException if there are none
   */
  public static List<String> read(Path folder, Storage storage) {
    String text =
        storage
            .read(new Path(folder, FILE))
            .orElseThrow(
                () ->
                    new DataException(
                        "%s/%s: is missing. Give the labels of an encode step."
                            .formatted(folder, FILE)));
    return List.of(Json.read(text, String[].class));
  }
}
