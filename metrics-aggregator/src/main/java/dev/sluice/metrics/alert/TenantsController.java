package dev.sluice.metrics.alert;

import dev.sluice.metrics.alert.TenantsQuestion.Source;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.partition.PartitionAnswers;
import dev.sluice.metrics.partition.PeerCall;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.traffic.RouteTally;
import dev.sluice.platform.web.StrictQuery;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** What this instance's partitions say about all tenants, for the instance that watches them. */
@RestController
class TenantsController {

    private final Source<CacheTally> cache;
    private final Source<RouteTally> requests;
    private final Source<CacheTally> namespaces;
    private final Source<RouteTally> routes;
    private final PartitionAnswers answers;

    TenantsController(
            LadderReader<CacheTally> cacheWindows, LadderReader<RouteTally> routeWindows, PartitionAnswers answers) {
        this.cache = Source.ofTenants(cacheWindows, TenantsQuestion.CACHE_PATH);
        this.requests = Source.ofTenants(routeWindows, TenantsQuestion.REQUESTS_PATH);
        this.namespaces = Source.ofNamespaces(cacheWindows);
        this.routes = Source.ofRoutes(routeWindows);
        this.answers = answers;
    }

    @GetMapping(path = TenantsQuestion.CACHE_PATH, produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Mono<byte[]> cache(ServerWebExchange exchange) {
        return share(exchange, cache);
    }

    @GetMapping(path = TenantsQuestion.REQUESTS_PATH, produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Mono<byte[]> requests(ServerWebExchange exchange) {
        return share(exchange, requests);
    }

    @GetMapping(path = TenantsQuestion.NAMESPACES_PATH, produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Mono<byte[]> namespaces(ServerWebExchange exchange) {
        return share(exchange, namespaces);
    }

    @GetMapping(path = TenantsQuestion.ROUTES_PATH, produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Mono<byte[]> routes(ServerWebExchange exchange) {
        return share(exchange, routes);
    }

    private <T extends Tally<T>> Mono<byte[]> share(ServerWebExchange exchange, Source<T> source) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only(PeerCall.PARTITIONS, "from", "to");
        PeerCall call = PeerCall.of(exchange, query);
        TenantsQuestion<T> question = TenantsQuestion.of(source, call);
        return answers.share(() -> question.read(call.partitions()).encode());
    }
}
