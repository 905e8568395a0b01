package dev.sluice.standalone;

import dev.sluice.standalone.command.DemoCommand;
import dev.sluice.standalone.command.DownCommand;
import dev.sluice.standalone.command.EnvCommand;
import dev.sluice.standalone.command.KeysCommand;
import dev.sluice.standalone.command.LogsCommand;
import dev.sluice.standalone.command.NodeCommand;
import dev.sluice.standalone.command.PrepareCommand;
import dev.sluice.standalone.command.ReplayCommand;
import dev.sluice.standalone.command.StatusCommand;
import dev.sluice.standalone.command.UpCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The sluice command. Building and testing are the script's, for they must work before this class exists. */
@Command(
        name = "sluice",
        synopsisSubcommandLabel = "COMMAND",
        description = "Runs the whole platform on this machine.",
        subcommands = HelpCommand.class,
        footer = {
            "",
            "  build   Build everything; up and demo do so when something has changed.",
            "  test    Run the whole test suite; further arguments go to Maven.",
            "",
            "./sluice help COMMAND has the options of a command."
        })
public final class Sluice {

    private static final int FAILURE = 1;
    private static final int USAGE = 2;

    private Sluice() {}

    public static void main(String[] arguments) {
        Runtime.getRuntime().exit(run(Console.ofThisProcess(), InstantSource.system(), arguments));
    }

    static int run(Console console, InstantSource clock, String... arguments) {
        return commandLine(console, clock)
                .setParameterExceptionHandler((error, given) -> explain(error, console))
                .setExecutionExceptionHandler((error, command, parsed) -> explain(error, console))
                .execute(arguments);
    }

    private static CommandLine commandLine(Console console, InstantSource clock) {
        CommandLine sluice = new CommandLine(new Sluice())
                .addSubcommand(new UpCommand(console, clock))
                .addSubcommand(new StatusCommand(console))
                .addSubcommand(new KeysCommand(console))
                .addSubcommand(new LogsCommand(console))
                .addSubcommand(new DownCommand(console))
                .addSubcommand(new DemoCommand(console, clock))
                .addSubcommand(new NodeCommand(console, clock))
                .addSubcommand(new ReplayCommand(console))
                .addSubcommand(new EnvCommand(console))
                .addSubcommand(new PrepareCommand(console, clock));
        addHelp(sluice);
        for (Map.Entry<String, CommandLine> command : sluice.getSubcommands().entrySet()) {
            if (!command.getKey().equals("help")) {
                addHelp(command.getValue());
            }
        }
        return sluice;
    }

    private static void addHelp(CommandLine command) {
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help.")
                        .build());
    }

    private static int explain(ParameterException error, Console console) {
        CommandLine command = error.getCommandLine();
        boolean unknownCommand = error instanceof UnmatchedArgumentException && command.getParent() == null;
        console.problem(
                unknownCommand
                        ? "There is no command "
                                + command.getParseResult().unmatched().getFirst()
                        : String.valueOf(error.getMessage()));
        console.problem(
                command.getParent() == null ? "See ./sluice help" : "See ./sluice help " + command.getCommandName());
        return USAGE;
    }

    /** What a user can act on is a sentence; anything else is a defect, and its trace helps to report it. */
    private static int explain(Exception error, Console console) throws Exception {
        switch (error) {
            case LaunchException told -> console.problem(String.valueOf(told.getMessage()));
            case UncheckedIOException failed -> console.problem(failed.getMessage() + " (" + failed.getCause() + ")");
            case IOException failed -> console.problem("This failed: " + failed);
            default -> throw error;
        }
        return FAILURE;
    }
}
