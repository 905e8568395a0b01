package dev.sluice.webhook.endpoint;

import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import dev.sluice.webhook.egress.UrlRules;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The webhook API. Scopes were checked by the gateway; whose endpoint it is, is checked here. */
@RestController
@RequestMapping(path = "/api/v1/webhooks", produces = MediaType.APPLICATION_JSON_VALUE)
class EndpointController {

    private final Endpoints endpoints;
    private final UrlRules rules;
    private final StrictJson json;

    EndpointController(Endpoints endpoints, UrlRules rules, StrictJson json) {
        this.endpoints = endpoints;
        this.rules = rules;
        this.json = json;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> create(
            @RequestBody(required = false) byte @Nullable [] body, ServerWebExchange exchange) {
        Identity identity = identity(exchange);
        CreateEndpoint request = json.read(body == null ? new byte[0] : body, CreateEndpoint.class);
        EndpointDraft draft = EndpointDraft.of(request, rules);
        return endpoints
                .create(identity.tenant(), draft)
                .map(created -> ResponseEntity.created(URI.create("/api/v1/webhooks/" + created.id()))
                        .contentType(MediaType.APPLICATION_JSON)
                        .header("Cache-Control", "no-store")
                        .body(json.write(created)));
    }

    @GetMapping
    ResponseEntity<byte[]> list(ServerWebExchange exchange) {
        // A tenant has so few that one page holds all of them.
        return ok(new Page(endpoints.list(identity(exchange).tenant()), null));
    }

    @GetMapping("/{id}")
    ResponseEntity<byte[]> find(@PathVariable String id, ServerWebExchange exchange) {
        return ok(endpoints.find(identity(exchange).tenant(), id));
    }

    @DeleteMapping(path = "/{id}", produces = MediaType.ALL_VALUE)
    Mono<ResponseEntity<Void>> delete(@PathVariable String id, ServerWebExchange exchange) {
        return endpoints
                .delete(identity(exchange).tenant(), id)
                .thenReturn(ResponseEntity.noContent().build());
    }

    /** No route takes query parameters. */
    private static Identity identity(ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return Identity.of(exchange);
    }

    private ResponseEntity<byte[]> ok(Object value) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(json.write(value));
    }

    private record Page(List<EndpointView> data, @Nullable String nextCursor) {}
}
