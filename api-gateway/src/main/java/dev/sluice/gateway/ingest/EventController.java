package dev.sluice.gateway.ingest;

import dev.sluice.gateway.ratelimit.RequestCharge;
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
import reactor.core.scheduler.Schedulers;

/** {@code POST /api/v1/events}: 202 once all in-sync replicas have the event, or all events of a batch. */
@RestController
final class EventController {

    private final EventReader reader;
    private final EventIntake intake;
    private final BatchIntake batches;
    private final EventChecks checks;
    private final BoundedBodies eventBodies;
    private final BoundedBodies batchBodies;
    private final StrictJson json;

    EventController(
            EventReader reader,
            EventIntake intake,
            BatchIntake batches,
            EventChecks checks,
            BoundedBodies eventBodies,
            BoundedBodies batchBodies,
            StrictJson json) {
        this.reader = reader;
        this.intake = intake;
        this.batches = batches;
        this.checks = checks;
        this.eventBodies = eventBodies;
        this.batchBodies = batchBodies;
        this.json = json;
    }

    @PostMapping(path = "/api/v1/events", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> publish(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        StrictQuery.of(request).only();
        HttpHeaders headers = request.getHeaders();
        ContentMode mode = EventMediaTypes.modeOf(headers);
        Caller caller = new Caller(
                Identity.of(exchange), RequestContext.of(exchange).traceParent(), IdempotencyKey.of(headers));
        return switch (mode) {
            case BINARY -> eventBodies.read(request, body -> takeOne(reader.readBinary(headers, body, caller), caller));
            case STRUCTURED -> eventBodies.read(request, body -> takeOne(reader.readStructured(body, caller), caller));
            case BATCH -> batchBodies.read(request, body -> takeAll(body, caller, exchange));
            case JSON ->
                batchBodies.read(
                        request,
                        body -> EventBatch.isArray(body)
                                ? takeAll(body, caller, exchange)
                                : takeOne(reader.readStructured(body, caller), caller));
        };
    }

    private Mono<ResponseEntity<byte[]>> takeOne(Arrival arrival, Caller caller) {
        return checks.check(arrival, caller)
                .flatMap(checked -> intake.take(checked, caller))
                .map(this::respond);
    }

    private Mono<ResponseEntity<byte[]>> takeAll(byte[] body, Caller caller, ServerWebExchange exchange) {
        return Mono.fromCallable(() -> reader.readBatch(body, caller))
                // A megabyte of JSON takes milliseconds, in which an event loop has other clients to serve.
                .subscribeOn(Schedulers.parallel())
                .flatMap(items -> RequestCharge.more(exchange, items.size() - 1).thenReturn(items))
                .flatMap(items -> checks.checkAll(items, caller))
                .flatMap(items -> batches.takeAll(items, body, caller))
                .map(BatchAnswer::of)
                .map(this::respond);
    }

    private ResponseEntity<byte[]> respond(Outcome.Taken taken) {
        ResponseEntity.BodyBuilder response =
                ResponseEntity.status(HttpStatus.ACCEPTED).contentType(MediaType.APPLICATION_JSON);
        taken.check().tell().ifPresent(word -> response.header(Check.HEADER, word));
        return response.body(json.write(taken.receipt()));
    }

    private ResponseEntity<byte[]> respond(BatchAnswer answer) {
        ResponseEntity.BodyBuilder response =
                ResponseEntity.status(answer.status()).contentType(MediaType.APPLICATION_JSON);
        if (answer.retryAfter() > 0) {
            response.header(HttpHeaders.RETRY_AFTER, Long.toString(answer.retryAfter()));
        }
        return response.body(json.write(answer.body()));
    }
}
