package dev.sluice.webhook.replay;

import dev.sluice.platform.telemetry.AuditPublisher;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.Page;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Jobs that send again what a webhook was, or could have been, sent. */
@RestController
@RequestMapping(path = "/api/v1/webhooks/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
class ReplayController {

    private final Replays replays;
    private final AuditPublisher audit;
    private final StrictJson json;

    ReplayController(Replays replays, AuditPublisher audit, StrictJson json) {
        this.replays = replays;
        this.audit = audit;
        this.json = json;
    }

    @PostMapping(path = "/recover", consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> recover(
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] body,
            ServerWebExchange exchange) {
        return begin(id, ReplayKind.RECOVER, body, exchange);
    }

    @PostMapping(path = "/replay", consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> replay(
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] body,
            ServerWebExchange exchange) {
        return begin(id, ReplayKind.REPLAY, body, exchange);
    }

    @GetMapping("/jobs")
    ResponseEntity<byte[]> list(@PathVariable String id, ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("limit", "cursor");
        int limit = Page.limit(query);
        return answer(
                ResponseEntity.ok(),
                Page.of(
                        replays.list(Identity.of(exchange).tenant(), id, Page.cursor(query), limit + 1),
                        limit,
                        ReplayView::id,
                        view -> view));
    }

    @GetMapping("/jobs/{jobId}")
    ResponseEntity<byte[]> find(@PathVariable String id, @PathVariable String jobId, ServerWebExchange exchange) {
        return answer(ResponseEntity.ok(), replays.find(identity(exchange).tenant(), id, jobId));
    }

    @PostMapping("/jobs/{jobId}/cancel")
    Mono<ResponseEntity<byte[]>> cancel(
            @PathVariable String id, @PathVariable String jobId, ServerWebExchange exchange) {
        return replays.cancel(identity(exchange).tenant(), id, jobId)
                .map(view -> answer(ResponseEntity.accepted(), view));
    }

    private Mono<ResponseEntity<byte[]>> begin(
            String id, ReplayKind kind, byte @Nullable [] body, ServerWebExchange exchange) {
        Identity identity = identity(exchange);
        ReplayRequest request = json.read(body == null ? new byte[0] : body, ReplayRequest.class);
        return replays.begin(identity, id, kind, request)
                .flatMap(view -> audit.recorded(exchange, "webhook." + kind.label(), "webhook/" + id, view))
                .map(view -> answer(
                        ResponseEntity.accepted()
                                .location(URI.create("/api/v1/webhooks/" + view.webhookId() + "/jobs/" + view.id())),
                        view));
    }

    /** The caller of a route without query parameters. */
    private static Identity identity(ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return Identity.of(exchange);
    }

    private ResponseEntity<byte[]> answer(ResponseEntity.BodyBuilder answer, Object view) {
        return answer.contentType(MediaType.APPLICATION_JSON).body(json.write(view));
    }
}
