package dev.sluice.standalone;

import dev.sluice.standalone.command.DemoCommand;
import dev.sluice.standalone.command.DownCommand;
import dev.sluice.standalone.command.EnvCommand;
import dev.sluice.standalone.command.KeysCommand;
import dev.sluice.standalone.command.LogsCommand;
import dev.sluice.standalone.command.PrepareCommand;
import dev.sluice.standalone.command.StatusCommand;
import dev.sluice.standalone.command.UpCommand;
import java.time.InstantSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The sluice command. Building and testing are the script's, for they must work before this class exists. */
@Command(
        name = "sluice",
        description = "Runs the whole platform on this machine.",
        mixinStandardHelpOptions = true,
        subcommands = HelpCommand.class,
        footer = {
            "",
            "Also, before anything is built: build (all modules and start-up caches), test (the whole test suite)."
        })
public final class Sluice {

    private static final int FAILURE = 1;

    private Sluice() {}

    public static void main(String[] arguments) {
        Runtime.getRuntime().exit(run(Console.ofTerminal(), InstantSource.system(), arguments));
    }

    static int run(Console console, InstantSource clock, String... arguments) {
        return new CommandLine(new Sluice())
                .addSubcommand(new UpCommand(console, clock))
                .addSubcommand(new StatusCommand(console))
                .addSubcommand(new KeysCommand(console))
                .addSubcommand(new LogsCommand(console))
                .addSubcommand(new DownCommand(console))
                .addSubcommand(new DemoCommand(console, clock))
                .addSubcommand(new EnvCommand(console))
                .addSubcommand(new PrepareCommand(console, clock))
                .setExecutionExceptionHandler((error, command, parsed) -> explain(error, console))
                .execute(arguments);
    }

    /** What a user can act on is a sentence; anything else is a defect, and its trace helps to report it. */
    private static int explain(Exception error, Console console) throws Exception {
        if (error instanceof LaunchException) {
            console.problem(String.valueOf(error.getMessage()));
            return FAILURE;
        }
        throw error;
    }
}
