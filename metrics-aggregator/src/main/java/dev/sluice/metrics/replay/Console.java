package dev.sluice.metrics.replay;

import java.io.PrintStream;

/** What somebody sees who replays from a terminal: results on one stream, progress and complaints on the other. */
final class Console {

    private final PrintStream results;
    private final PrintStream messages;

    Console(PrintStream results, PrintStream messages) {
        this.results = results;
        this.messages = messages;
    }

    static Console ofProcess() {
        return new Console(System.out, System.err);
    }

    void result(String line) {
        results.println(line);
    }

    void message(String line) {
        messages.println(line);
    }
}
