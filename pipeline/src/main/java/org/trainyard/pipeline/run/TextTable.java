package org.trainyard.pipeline.run;

import java.util.List;
import java.util.regex.Pattern;

/** Lays rows of text out in columns: numbers to the right, words to the left. */
public final class TextTable {
  private static final Pattern NUMBER =
      Pattern.compile("-?[0-9][0-9,.]*([eE][-+]?\\d+)?( .*)?|NaN");

  private TextTable() {}

  /** One line per row, columns two spaces apart; all rows must have the same number of cells. */
  public static String render(List<String[]> rows) {
    if (rows.isEmpty()) {
      return "";
    }
    int columns = rows.get(0).length;
    int[] widths = new int[columns];
    boolean[] right = new boolean[columns];
    for (int c = 0; c < columns; c++) {
      boolean numbers = rows.size() > 1 || NUMBER.matcher(rows.get(0)[c]).matches();
      for (int r = 0; r < rows.size(); r++) {
        String cell = rows.get(r)[c];
        widths[c] = Math.max(widths[c], cell.length());
        numbers &= (r == 0 && rows.size() > 1) || cell.isEmpty() || NUMBER.matcher(cell).matches();
      }
      right[c] = numbers;
    }
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        String pad = " ".repeat(widths[c] - row[c].length());
        line.append(c == 0 ? "" : "  ").append(right[c] ? pad + row[c] : row[c] + pad);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
