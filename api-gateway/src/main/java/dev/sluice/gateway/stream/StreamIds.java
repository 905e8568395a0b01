package dev.sluice.gateway.stream;

import java.util.Optional;

/** How the clients of one tenant name places in the log. */
record StreamIds(PositionToken tokens, String tenant) {

    String of(Positions positions) {
        return tokens.write(tenant, positions);
    }

    Optional<Positions> read(String id, int partitions) {
        return tokens.read(tenant, id, partitions);
    }
}
