package org.trainyard.dataprep.tokenize;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.dataprep.tokenize.kernel.BrokenTextException;
import org.trainyard.dataprep.tokenize.kernel.TokenBuffer;
import org.trainyard.pipeline.stage.Rejects;

/**
 * Cuts the documents of one partition into examples; what cannot be one is marked with a reason.
 */
final class Windows {
  static final String TEXT = "document_text";
  static final String LABEL_NAME = "label_name";
  static final String GROUP = "group_name";

  static final StructType SCHEMA =
      new StructType()
          .add(TokenTable.ID, DataTypes.StringType)
          .add(TokenTable.TOKENS, DataTypes.createArrayType(DataTypes.IntegerType))
          .add(TokenTable.LENGTH, DataTypes.IntegerType)
          .add(TokenTable.BYTES, DataTypes.IntegerType)
          .add(TokenTable.LABEL, DataTypes.IntegerType)
          .add(GROUP, DataTypes.StringType)
          .add(TokenTable.LICENCE, DataTypes.StringType)
          .add(TokenTable.WEIGHT, DataTypes.FloatType)
          .add(Rejects.REASON, DataTypes.StringType)
          .add(Rejects.DETAIL, DataTypes.StringType);

  private final Tokenizer.Encoder encoder;
  private final Map<String, Integer> labels = new HashMap<>();
  private final int minLength;
  private final int maxLength;
  private final TokenBuffer tokens = new TokenBuffer();

  Windows(Tokenizer tokenizer, List<String> labels, int minLength, int maxLength) {
    this.encoder = tokenizer.encoder();
    for (int label = 0; label < labels.size(); label++) {
      this.labels.put(labels.get(label), label);
    }
    this.minLength = minLength;
    this.maxLength = maxLength;
  }

  /** The windows of all documents; one document at a time is held. */
  Iterator<Row> over(Iterator<Row> documents) {
    return new Iterator<>() {
      private Iterator<Row> current = Collections.emptyIterator();

      @Override
      public boolean hasNext() {
        while (!current.hasNext() && documents.hasNext()) {
          current = of(documents.next()).iterator();
        }
        return current.hasNext();
      }

      @Override
      public Row next() {
        return hasNext() ? current.next() : Collections.<Row>emptyIterator().next();
      }
    };
  }

  /** The windows of a document: id, text, name of the label, name of the group, licence, weight. */
  private List<Row> of(Row document) {
    if (document.isNullAt(1)) {
      return rejected(document, "empty", "no text");
    }
    Integer label = labels.get(document.getString(2));
    if (!labels.isEmpty() && label == null) {
      return rejected(
          document,
          document.isNullAt(2) ? "no-label" : "unknown-label",
          document.isNullAt(2) ? "label is null" : "label '" + document.getString(2) + "'");
    }
    tokens.clear();
    try {
      encoder.encode(document.getString(1), tokens);
    } catch (BrokenTextException e) {
      return rejected(document, "broken-text", e.getMessage());
    }
    if (tokens.size() == 0) {
      return rejected(document, "empty", "no tokens");
    }
    List<Row> windows = new ArrayList<>();
    for (int from = 0; from < tokens.size(); from += maxLength) {
      int to = Math.min(from + maxLength, tokens.size());
      String id =
          tokens.size() <= maxLength
              ? document.getString(0)
              : document.getString(0) + "#" + from / maxLength;
      boolean tooShort = to - from < minLength;
      windows.add(
          RowFactory.create(
              id,
              tokens.ids(from, to),
              to - from,
              tokens.bytes(from, to),
              label,
              document.getString(3),
              document.getString(4),
              document.get(5),
              tooShort ? "too-short" : null,
              tooShort ? to - from + " tokens" : null));
    }
    return windows;
  }

  private static List<Row> rejected(Row document, String reason, String detail) {
    return List.of(
        RowFactory.create(
            document.getString(0),
            null,
            0,
            0,
            null,
            document.getString(3),
            document.getString(4),
            document.get(5),
            reason,
            detail));
  }
}
