package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.RequestContext;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
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
    private final ByteBudget inFlight;
    private final int maxBytes;
    private final StrictJson json;

    EventController(EventIntake intake, ByteBudget inFlight, IngestProperties properties, StrictJson json) {
        this.intake = intake;
        this.inFlight = inFlight;
        this.maxBytes = Math.toIntExact(properties.maxEventSize().toBytes());
        this.json = json;
    }

    @PostMapping(path = "/api/v1/events", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> publish(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        StrictQuery.of(request).only();
        EventMediaTypes.requireStructured(request.getHeaders());
        Identity identity = Identity.of(exchange);
        long announced = announcedBytes(request.getHeaders());
        if (!inFlight.tryReserve(announced)) {
            return Mono.error(IngestFailures.overloaded());
        }
        return readBody(request)
                .flatMap(body ->
                        intake.take(body, identity, RequestContext.of(exchange).traceParent()))
                .map(receipt -> ResponseEntity.status(HttpStatus.ACCEPTED)
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(json.write(receipt)))
                .doFinally(signal -> inFlight.release(announced));
    }

    /** What a request may come to hold in memory; a chunked one may hold as much as any. */
    private long announcedBytes(HttpHeaders headers) {
        long length = headers.getContentLength();
        if (length > maxBytes) {
            throw tooLarge();
        }
        return length < 0 ? maxBytes : length;
    }

    private Mono<byte[]> readBody(ServerHttpRequest request) {
        return DataBufferUtils.join(request.getBody(), maxBytes)
                .map(EventController::bytes)
                .onErrorMap(DataBufferLimitException.class, e -> tooLarge())
                .defaultIfEmpty(new byte[0]);
    }

    private static byte[] bytes(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }

    private ProblemException tooLarge() {
        return ProblemException.ofField(
                        ProblemType.TOO_LARGE,
                        "body",
                        "Send an event of at most " + maxBytes + " bytes; put larger content elsewhere and link to it.")
                .withHeader(HttpHeaders.CONNECTION, "close");
    }
}
