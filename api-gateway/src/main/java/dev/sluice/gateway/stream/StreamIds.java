package dev.sluice.gateway.stream;

import java.util.Optional;

/** How the clients of one tenant name places in the log. */
record StreamIds(String tenant) {

    String of(Positions positions) {
        return PositionToken.write(tenant, positions);
    }

    Optional<Positions> read(String id) {
        return PositionToken.read(tenant, id);
    }
}
