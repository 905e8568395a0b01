package dev.sluice.webhook.endpoint;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import reactor.core.publisher.Mono;

/** For operators, on the management port: which keys have sealed what, and to seal all with the current one. */
@Endpoint(id = "webhookseals")
class SealsEndpoint {

    private final Reseals reseals;

    SealsEndpoint(Reseals reseals) {
        this.reseals = reseals;
    }

    @ReadOperation
    Reseals.Standing look() {
        return reseals.look();
    }

    @WriteOperation
    Mono<Reseals.Standing> reseal() {
        return reseals.reseal();
    }
}
