package dev.sluice.standalone.command;

import dev.sluice.standalone.Console;
import dev.sluice.standalone.LaunchException;
import dev.sluice.standalone.platform.Installation;
import dev.sluice.standalone.platform.RunningPlatform;
import dev.sluice.standalone.platform.SecondNode;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts a second gateway and cache beside a platform that runs, and stays until Ctrl-C. */
@Command(
        name = "node",
        description = "Start a second gateway and cache beside the platform that runs, to see two nodes at work.")
public final class NodeCommand implements Callable<Integer> {

    @Mixin
    private final StateOption state = new StateOption();

    @Option(
            names = "--offset",
            paramLabel = "N",
            defaultValue = "10",
            description = "Added to the ports of the platform's own gateway and cache (default: 10, so 8090 and 8091).")
    private int offset;

    private final Console console;
    private final InstantSource clock;

    public NodeCommand(Console console, InstantSource clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        RunningPlatform platform = RunningPlatform.find(state.folder())
                .orElseThrow(() -> new LaunchException("No platform is ready in "
                        + state.folder().root() + "; start one with ./sluice up --detach" + state.hint()));
        long start = System.nanoTime();
        SecondNode node = SecondNode.beside(platform, offset, Installation.ofThisCheckout(), clock, console);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(node::close));
        node.start();
        console.line(UpCommand.readySince(start));
        console.line("""

                A second node, on the same Kafka and Redis: %2$s/api/v1, with the same keys as %1$s/api/v1
                What one has written, the other answers:
                  curl -i -X PUT %1$s/api/v1/cache/namespaces/demo/keys/greeting -H 'Authorization: Bearer %3$s' -d 'hello' && \\
                  curl -i %2$s/api/v1/cache/namespaces/demo/keys/greeting -H 'Authorization: Bearer %3$s'

                Ctrl-C stops it.""".formatted(
                        platform.gateway(),
                        node.gateway(),
                        platform.keys().ofTier("premium").key()));
        new CountDownLatch(1).await();
        return 0;
    }
}
