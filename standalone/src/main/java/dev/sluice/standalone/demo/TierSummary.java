package dev.sluice.standalone.demo;

import dev.sluice.standalone.Columns;
import dev.sluice.standalone.Console;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The traffic of all tiers on the console: while it runs in place, or as a line a second where nothing can be in place. */
final class TierSummary {

    private static final String INDENT = "   ";
    private static final List<String> HEADING =
            List.of("TIER", "SENT", "ADMITTED", "429", "p50 ms", "p99 ms", "POLICY");
    private static final long LINE_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

    private final Console console;
    private final long start = System.nanoTime();
    private long lines;

    TierSummary(Console console) {
        this.console = console;
    }

    /** Shows where things stand now. */
    void update(List<TierReport> reports) {
        if (console.isTerminal()) {
            console.live(table(reports));
            return;
        }
        long elapsed = System.nanoTime() - start;
        if (elapsed >= (lines + 1) * LINE_INTERVAL_NANOS) {
            lines = elapsed / LINE_INTERVAL_NANOS;
            console.line(INDENT + "… " + lines + " s: "
                    + reports.stream().map(TierSummary::inShort).collect(Collectors.joining("; ")));
        }
    }

    /** Shows how it ended, for good. */
    void end(List<TierReport> reports) {
        console.live(List.of());
        table(reports).forEach(console::line);
    }

    private static String inShort(TierReport report) {
        return "%s %d sent, %d × 429".formatted(report.tier(), report.sent(), report.refused());
    }

    private static List<String> table(List<TierReport> reports) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADING);
        reports.forEach(report -> rows.add(row(report)));
        return Columns.align(rows).stream().map(INDENT::concat).toList();
    }

    private static List<String> row(TierReport report) {
        return List.of(
                report.tier(),
                Long.toString(report.sent()),
                Long.toString(report.admitted()),
                Long.toString(report.refused()),
                millis(report.p50()),
                millis(report.p99()),
                report.limits().stream().map(LimitPolicy::text).collect(Collectors.joining("; ")));
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.1f", time.toNanos() / 1e6);
    }
}
