package dev.sluice.standalone;

import java.io.PrintStream;
import java.util.List;

/** The only way to the terminal: results on standard output, problems on standard error. Thread-safe. */
public final class Console {

    private final PrintStream out;
    private final PrintStream err;

    public Console(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static Console ofTerminal() {
        return new Console(System.out, System.err);
    }

    public synchronized void line(String text) {
        out.println(text);
        out.flush();
    }

    public synchronized void problem(String text) {
        err.println(text);
        err.flush();
    }

    /** Text without a line break after it. */
    public synchronized void raw(String text) {
        out.print(text);
        out.flush();
    }

    /** Columns as wide as their widest cell; the first row is the heading. */
    public void table(List<List<String>> rows) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                text.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            line(text.toString().stripTrailing());
        }
    }
}
