package dev.sluice.standalone.command;

import dev.sluice.standalone.platform.Installation;
import dev.sluice.standalone.state.StateFolder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which platform a command is about. */
final class StateOption {

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where the platform keeps data, logs and keys (default: .sluice in the checkout).")
    private @Nullable Path folder;

    /** What other commands need to be about the same platform; empty for the usual folder. */
    String hint() {
        return folder == null ? "" : " --state " + folder;
    }

    StateFolder folder() {
        return new StateFolder(folder == null ? Installation.ofThisCheckout().defaultState() : folder);
    }
}
