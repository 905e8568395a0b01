package dev.sluice.webhook.history;

import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** What became of the deliveries to a webhook. */
@RestController
@RequestMapping(path = "/api/v1/webhooks/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
class HistoryController {

    private static final Duration MIN_WINDOW = Duration.ofMinutes(1);
    private static final Duration USUAL_WINDOW = Duration.ofHours(1);
    /** As long as attempts stay on the log. */
    private static final Duration MAX_WINDOW = Duration.ofDays(30);

    private final Deliveries deliveries;
    private final Resends resends;
    private final SentRequests requests;
    private final StrictJson json;
    private final InstantSource clock;

    HistoryController(
            Deliveries deliveries, Resends resends, SentRequests requests, StrictJson json, InstantSource clock) {
        this.deliveries = deliveries;
        this.resends = resends;
        this.requests = requests;
        this.json = json;
        this.clock = clock;
    }

    @GetMapping("/attempts")
    ResponseEntity<byte[]> attempts(@PathVariable String id, ServerWebExchange exchange) {
        HistoryQuery query = query(exchange);
        return ok(HistoryPage.of(
                deliveries.attempts(tenant(exchange), id, query), query.limit(), Entry::position, AttemptView::of));
    }

    @GetMapping("/deliveries")
    ResponseEntity<byte[]> list(@PathVariable String id, ServerWebExchange exchange) {
        HistoryQuery query = query(exchange);
        return ok(HistoryPage.of(
                deliveries.list(tenant(exchange), id, query), query.limit(), Delivery::position, DeliveryView::listed));
    }

    @GetMapping("/deliveries/{deliveryId}")
    Mono<ResponseEntity<byte[]>> find(
            @PathVariable String id, @PathVariable String deliveryId, ServerWebExchange exchange) {
        boolean requested = isRequestIncluded(StrictQuery.of(exchange.getRequest()));
        String tenant = tenant(exchange);
        Delivery delivery = deliveries.find(tenant, id, deliveryId);
        DeliveryView whole = DeliveryView.whole(delivery);
        return requested
                ? requests.last(tenant, id, delivery)
                        .map(request -> DeliveryView.whole(delivery, request))
                        .defaultIfEmpty(whole)
                        .map(this::ok)
                : Mono.just(ok(whole));
    }

    private static boolean isRequestIncluded(StrictQuery query) {
        return query.only("include")
                .text("include")
                .map(text -> {
                    if (!text.equals("request")) {
                        throw ProblemException.ofField(
                                ProblemType.INVALID_PARAMETER, "include", "Send request, or leave it out.");
                    }
                    return true;
                })
                .orElse(false);
    }

    @GetMapping("/stats")
    ResponseEntity<byte[]> stats(@PathVariable String id, ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("window");
        Duration window = query.duration("window", MIN_WINDOW, MAX_WINDOW).orElse(USUAL_WINDOW);
        return ok(deliveries.stats(tenant(exchange), id, window));
    }

    /** 202: that it is on the log again was wanted; what becomes of it is asked for as of any delivery. */
    @PostMapping("/deliveries/{deliveryId}/resend")
    Mono<ResponseEntity<byte[]>> resend(
            @PathVariable String id, @PathVariable String deliveryId, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return resends.resend(tenant(exchange), id, deliveryId)
                .map(resent -> ResponseEntity.accepted()
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(json.write(resent)));
    }

    private HistoryQuery query(ServerWebExchange exchange) {
        return HistoryQuery.of(StrictQuery.of(exchange.getRequest()), clock.instant());
    }

    private static String tenant(ServerWebExchange exchange) {
        return Identity.of(exchange).tenant();
    }

    private ResponseEntity<byte[]> ok(Object value) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(json.write(value));
    }
}
