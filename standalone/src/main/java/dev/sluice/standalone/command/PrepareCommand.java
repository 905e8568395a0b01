package dev.sluice.standalone.command;

import dev.sluice.standalone.Console;
import dev.sluice.standalone.image.ImageBuilder;
import dev.sluice.standalone.platform.Installation;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The second half of a build, after Maven: called by the sluice script. */
@Command(name = "prepare", hidden = true, description = "Unpack the built services and record their start-up caches.")
public final class PrepareCommand implements Callable<Integer> {

    private final Console console;
    private final InstantSource clock;

    public PrepareCommand(Console console, InstantSource clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException {
        new ImageBuilder(Installation.ofThisCheckout(), clock, console).build();
        return 0;
    }
}
