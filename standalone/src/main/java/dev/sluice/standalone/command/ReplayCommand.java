package dev.sluice.standalone.command;

import dev.sluice.standalone.Console;
import dev.sluice.standalone.LaunchException;
import dev.sluice.standalone.platform.Application;
import dev.sluice.standalone.platform.Installation;
import dev.sluice.standalone.platform.RunningPlatform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Counts a time range of a running platform's log once more, and says which stored figures the log does not bear out. */
@Command(
        name = "replay-metrics",
        description =
                "Count a time range of the log once more, beside the platform that runs, and compare it with what is stored.")
public final class ReplayCommand implements Callable<Integer> {

    private static final String MAIN_CLASS = "dev.sluice.metrics.replay.ReplayMain";

    @Mixin
    private final StateOption state = new StateOption();

    @Option(names = "--from", required = true, paramLabel = "TIME", description = "Such as 2026-01-31T00:00:00Z.")
    private String from = "";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "TIME",
            description = "Such as 2026-02-01T00:00:00Z; windows that lie wholly between are compared.")
    private String to = "";

    private final Console console;

    public ReplayCommand(Console console) {
        this.console = console;
    }

    /** Ends as the replay does: 0 when all is equal, 1 when something differs, 2 when it could not be done. */
    @Override
    public Integer call() throws IOException, InterruptedException {
        RunningPlatform platform = RunningPlatform.find(state.folder())
                .orElseThrow(() -> new LaunchException("No platform is ready in "
                        + state.folder().root() + "; start one with ./sluice up --detach" + state.hint()));
        // Not among the results, which somebody may keep in a file.
        console.problem("Counting what is on the log from " + from + " to " + to + " once more");
        Path jar = Installation.ofThisCheckout()
                .applicationImage(Application.METRICS_AGGREGATOR)
                .resolve("app.jar");
        Process replay = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx192m",
                        "-XX:+UseSerialGC",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        jar.toString(),
                        MAIN_CLASS,
                        "--from=" + from,
                        "--to=" + to,
                        "--spring.kafka.bootstrap-servers=" + platform.kafkaBootstrapServers()))
                .inheritIO()
                .start();
        // A launcher that is ended ends it too; its topics go with it.
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(replay::destroy));
        return replay.waitFor();
    }
}
