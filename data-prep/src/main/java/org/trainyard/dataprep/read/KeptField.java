package org.trainyard.dataprep.read;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.stage.Rejects;

/**
 * A field that is kept as a column.
 *
 * @param field its name in the files
 * @param column its name in the table
 */
record KeptField(String field, String column) implements Serializable {
  private static final String KEY = "keep-fields";
  private static final Pattern RENAMED = Pattern.compile("(.+?)\\s+as\\s+(\\S+)");
  private static final Set<String> TAKEN =
      Set.of("id", "text", "source", "licence", Rejects.REASON, Rejects.DETAIL);

  /** Reads {@code name} or {@code name as column}. */
  static List<KeptField> all(List<String> written) {
    Set<String> columns = new HashSet<>();
    return written.stream()
        .map(
            one -> {
              KeptField field = of(one.strip());
              Check.require(
                  columns.add(field.column()), KEY, "column '%s' is there twice", field.column());
              return field;
            })
        .toList();
  }

  private static KeptField of(String written) {
    Matcher renamed = RENAMED.matcher(written);
    KeptField field =
        renamed.matches()
            ? new KeptField(renamed.group(1), renamed.group(2))
            : new KeptField(written, written);
    Check.require(
        field.column().matches("[A-Za-z_][A-Za-z0-9_]*"),
        KEY,
        "'%s' is no column name; write '%s as some_name'",
        field.column(),
        field.field());
    Check.require(
        !TAKEN.contains(field.column()),
        KEY,
        "column '%s' is taken; write '%s as some_name'",
        field.column(),
        field.field());
    return field;
  }
}
