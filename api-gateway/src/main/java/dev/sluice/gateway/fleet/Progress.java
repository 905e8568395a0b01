package dev.sluice.gateway.fleet;

import java.util.List;

/**
 * How many gateways have applied a change.
 *
 * @param complete whether all have, and all are known
 * @param gateways how many are alive
 * @param applied how many of them say that they have
 * @param missing ids of those that have not said so
 */
public record Progress(boolean complete, int gateways, int applied, List<String> missing) {

    public Progress {
        missing = List.copyOf(missing);
    }
}
