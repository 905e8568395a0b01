package dev.sluice.standalone.command;

import dev.sluice.standalone.Console;
import dev.sluice.standalone.platform.LogTail;
import dev.sluice.standalone.state.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the logs of one service or of all. */
@Command(name = "logs", description = "Show the last lines of the logs.")
public final class LogsCommand implements Callable<Integer> {

    private static final int POLL_MILLIS = 250;

    @Mixin
    private final StateOption state = new StateOption();

    @Parameters(
            arity = "0..1",
            paramLabel = "SERVICE",
            description =
                    "kafka, redis, api-gateway, cache-service, webhook-dispatcher or metrics-aggregator; all when none is named.")
    private @Nullable String service;

    @Option(
            names = {"-f", "--follow"},
            description = "Stay, and show what is written from now on.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "40",
            description = "How many lines of each (default: 40).")
    private int lines;

    private final Console console;

    public LogsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Path> files = files(state.folder());
        if (files.isEmpty()) {
            console.problem("There is no log" + (service == null ? "" : " of " + service) + " in "
                    + state.folder().logs());
            return 1;
        }
        List<LogFollower> followers = new ArrayList<>();
        for (Path file : files) {
            console.line("==> " + file);
            LogTail.lastLines(file, lines).forEach(console::line);
            LogFollower follower = new LogFollower(file, console);
            follower.skipExisting();
            followers.add(follower);
        }
        while (follow) {
            for (LogFollower follower : followers) {
                follower.showNew();
            }
            new CountDownLatch(1).await(POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
        return 0;
    }

    private List<Path> files(StateFolder folder) throws IOException {
        if (service != null) {
            return Stream.of(folder.log(service), folder.output(service))
                    .filter(LogsCommand::hasContent)
                    .toList();
        }
        if (!Files.isDirectory(folder.logs())) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder.logs())) {
            return all.filter(LogsCommand::isCurrent)
                    .filter(LogsCommand::hasContent)
                    .sorted()
                    .toList();
        }
    }

    private static boolean isCurrent(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".log") || name.endsWith(".out");
    }

    private static boolean hasContent(Path file) {
        return file.toFile().length() > 0;
    }
}
