package dev.sluice.standalone.command;

import dev.sluice.standalone.Console;
import dev.sluice.standalone.key.DevelopmentKeys;
import dev.sluice.standalone.state.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the development keys. */
@Command(name = "keys", description = "Show the development keys: one that administers, and one per tier.")
public final class KeysCommand implements Callable<Integer> {

    @Mixin
    private final StateOption state = new StateOption();

    @Option(names = "--json", description = "Print JSON, for scripts.")
    private boolean json;

    private final Console console;

    public KeysCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Optional<DevelopmentKeys> keys = DevelopmentKeys.find(state.folder());
        if (keys.isEmpty()) {
            console.problem("There are no keys yet: ./sluice up makes them.");
            return 1;
        }
        if (json) {
            console.line(Json.MAPPER.writeValueAsString(keys.get()));
            return 0;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("KEY", "TENANT", "TIER", "VALUE"));
        keys.get().keys().forEach(key -> rows.add(List.of(key.name(), key.tenant(), key.tier(), key.key())));
        console.table(rows);
        return 0;
    }
}
