package dev.sluice.gateway.ingest;

import dev.sluice.gateway.job.JobView;
import dev.sluice.gateway.job.Jobs;
import dev.sluice.gateway.ratelimit.RequestCharge;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.RequestContext;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code POST /api/v1/events/import}: 202 once every line is settled, with the job that tells what became of them. */
@RestController
final class ImportController {

    private static final String NDJSON = "application/x-ndjson";
    private static final String FIRST_LINE = "line";
    private static final int MAX_LINE = 999_999_999;

    private final EventImport imports;
    private final StrictJson json;

    ImportController(EventImport imports, StrictJson json) {
        this.imports = imports;
        this.json = json;
    }

    @PostMapping(path = "/api/v1/events/import", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> upload(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        int line = StrictQuery.of(request)
                .only(FIRST_LINE)
                .number(FIRST_LINE, 1, MAX_LINE)
                .orElse(1);
        requireLines(request.getHeaders());
        Caller caller = new Caller(
                Identity.of(exchange),
                RequestContext.of(exchange).traceParent(),
                IdempotencyKey.of(request.getHeaders()));
        if (line > 1 && caller.idempotencyKey() == null) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_PARAMETER, FIRST_LINE, "Send the Idempotency-Key of the import that goes on.");
        }
        ImportForm form = imports.formOf(request.getHeaders(), caller);
        return imports.run(bytes(request), line, form, caller, new ExchangeCharge(exchange))
                .map(this::answer);
    }

    private static void requireLines(HttpHeaders headers) {
        List<String> sent = headers.getOrEmpty(HttpHeaders.CONTENT_TYPE);
        if (sent.size() != 1 || !MediaTypes.essence(sent.getFirst()).equals(NDJSON)) {
            throw ProblemException.ofField(
                            ProblemType.UNSUPPORTED_MEDIA_TYPE,
                            HttpHeaders.CONTENT_TYPE,
                            "Send one event a line, or the data of one with ce- headers for all, as " + NDJSON
                                    + ", in UTF-8.")
                    .withHeader("Accept-Post", NDJSON);
        }
    }

    private static Flux<byte[]> bytes(ServerHttpRequest request) {
        return request.getBody()
                .map(buffer -> {
                    byte[] bytes = new byte[buffer.readableByteCount()];
                    buffer.read(bytes);
                    DataBufferUtils.release(buffer);
                    return bytes;
                })
                .doOnDiscard(DataBuffer.class, DataBufferUtils::release);
    }

    private ResponseEntity<byte[]> answer(JobView job) {
        return ResponseEntity.status(HttpStatus.ACCEPTED)
                .header(HttpHeaders.LOCATION, Jobs.path(job.id()))
                .contentType(MediaType.APPLICATION_JSON)
                .body(json.write(job));
    }

    /** The request itself was charged as one event. */
    private record ExchangeCharge(ServerWebExchange exchange, AtomicBoolean first) implements ImportCharge {

        ExchangeCharge(ServerWebExchange exchange) {
            this(exchange, new AtomicBoolean(true));
        }

        @Override
        public int atOnce() {
            return RequestCharge.atOnce(exchange);
        }

        @Override
        public Mono<Void> take(int events) {
            return Mono.defer(() -> RequestCharge.more(exchange, events - (first.get() ? 1 : 0)))
                    .doOnSuccess(done -> first.set(false));
        }
    }
}
