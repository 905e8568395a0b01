package dev.sluice.standalone;

import java.io.PrintStream;
import java.util.List;

/**
 * The only way to the terminal: results on standard output, problems on standard error. Where the output is no terminal,
 * nothing but text is written. Thread-safe.
 */
public final class Console {

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private List<String> live = List.of();

    private Console(PrintStream out, PrintStream err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /** Writes plain lines only, as to a file or a pipe. */
    public static Console ofStreams(PrintStream out, PrintStream err) {
        return new Console(out, err, false);
    }

    static Console ofTerminal(PrintStream out, PrintStream err) {
        return new Console(out, err, true);
    }

    public static Console ofThisProcess() {
        return new Console(System.out, System.err, Terminal.isPresent(System.console(), System.getenv("TERM")));
    }

    /** Whether {@link #live} shows anything. */
    public boolean isTerminal() {
        return terminal;
    }

    public synchronized void line(String text) {
        above(() -> out.println(text));
    }

    public synchronized void problem(String text) {
        above(() -> {
            err.println(text);
            err.flush();
        });
    }

    /** Text without a line break after it. */
    public synchronized void raw(String text) {
        out.print(text);
        out.flush();
    }

    /**
     * Shows lines below everything else, in the place of those shown before; none takes them away. Does nothing where
     * the output is no terminal.
     */
    public synchronized void live(List<String> lines) {
        if (terminal) {
            out.print(Terminal.erase(live.size()) + Terminal.draw(lines));
            out.flush();
            live = List.copyOf(lines);
        }
    }

    /** Columns as wide as their widest cell; the first row is the heading. */
    public void table(List<List<String>> rows) {
        Columns.align(rows).forEach(this::line);
    }

    private void above(Runnable print) {
        List<String> shown = live;
        live(List.of());
        print.run();
        out.flush();
        live(shown);
    }
}
