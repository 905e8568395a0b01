package dev.sluice.gateway.apikey;

import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Many API keys at once, for administrators. */
@RestController
@RequestMapping(path = "/api/v1/keys/batch", produces = MediaType.APPLICATION_JSON_VALUE)
final class KeyBatchController {

    private final KeyBatches batches;
    private final StrictJson json;

    KeyBatchController(KeyBatches batches, StrictJson json) {
        this.batches = batches;
        this.json = json;
    }

    @PostMapping(path = "/create", consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> create(
            @RequestBody(required = false) byte @Nullable [] body, ServerWebExchange exchange) {
        Wait wait = Wait.of(StrictQuery.of(exchange.getRequest()).only(Wait.PARAMETER));
        return batches.create(read(body, CreateApiKeys.class), wait, exchange).map(this::answer);
    }

    @PostMapping(path = "/revoke", consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> revoke(
            @RequestBody(required = false) byte @Nullable [] body, ServerWebExchange exchange) {
        Wait wait = Wait.of(StrictQuery.of(exchange.getRequest()).only(Wait.PARAMETER));
        return batches.revoke(read(body, RevokeApiKeys.class), wait, exchange).map(this::answer);
    }

    private <T> T read(byte @Nullable [] body, Class<T> type) {
        return json.read(body == null ? new byte[0] : body, type);
    }

    /** New keys stand in it in full. */
    private ResponseEntity<byte[]> answer(KeyResults results) {
        byte[] body = json.write(results.body());
        return ResponseEntity.status(results.status())
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noStore())
                .body(body);
    }
}
