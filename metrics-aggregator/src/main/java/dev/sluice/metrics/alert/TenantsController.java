package dev.sluice.metrics.alert;

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

    private final LadderReader<CacheTally> cache;
    private final LadderReader<RouteTally> requests;
    private final PartitionAnswers answers;

    TenantsController(LadderReader<CacheTally> cache, LadderReader<RouteTally> requests, PartitionAnswers answers) {
        this.cache = cache;
        this.requests = requests;
        this.answers = answers;
    }

    @GetMapping(path = TenantsQuestion.CACHE_PATH, produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Mono<byte[]> cache(ServerWebExchange exchange) {
        return share(exchange, cache, TenantsQuestion.CACHE_PATH);
    }

    @GetMapping(path = TenantsQuestion.REQUESTS_PATH, produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Mono<byte[]> requests(ServerWebExchange exchange) {
        return share(exchange, requests, TenantsQuestion.REQUESTS_PATH);
    }

    private <T extends Tally<T>> Mono<byte[]> share(ServerWebExchange exchange, LadderReader<T> windows, String path) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only(PeerCall.PARTITIONS, "from", "to");
        PeerCall call = PeerCall.of(exchange, query);
        TenantsQuestion<T> question = TenantsQuestion.of(windows, path, call);
        return answers.share(() -> question.read(call.partitions()).encode());
    }
}
