package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.BoundedBodies;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.RequestContext;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** {@code POST /api/v1/events}: 202 once all in-sync replicas have the event. */
@RestController
final class EventController {

    private final EventIntake intake;
    private final BoundedBodies bodies;
    private final StrictJson json;

    EventController(EventIntake intake, BoundedBodies eventBodies, StrictJson json) {
        this.intake = intake;
        this.bodies = eventBodies;
        this.json = json;
    }

    @PostMapping(path = "/api/v1/events", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> publish(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        StrictQuery.of(request).only();
        HttpHeaders headers = request.getHeaders();
        ContentMode mode = EventMediaTypes.modeOf(headers);
        Identity identity = Identity.of(exchange);
        String traceParent = RequestContext.of(exchange).traceParent();
        return bodies.read(request, body -> intake.take(mode, headers, body, identity, traceParent))
                .map(receipt -> ResponseEntity.status(HttpStatus.ACCEPTED)
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(json.write(receipt)));
    }
}
