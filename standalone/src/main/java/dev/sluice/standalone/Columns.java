package dev.sluice.standalone;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells as lines of text in which the cells of a column stand below each other. Pure. */
public final class Columns {

    private static final int GAP = 2;

    private Columns() {}

    /** Columns as wide as their widest cell; a row may have fewer cells than others. */
    public static List<String> align(List<List<String>> rows) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                text.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + GAP);
            }
            lines.add(text.toString().stripTrailing());
        }
        return lines;
    }
}
