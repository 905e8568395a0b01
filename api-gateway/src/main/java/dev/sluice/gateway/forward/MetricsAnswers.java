package dev.sluice.gateway.forward;

import dev.sluice.platform.web.Identity;
import org.springframework.util.unit.DataSize;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers of metrics-aggregator below paths that are the gateway's: who may ask, the gateway has to find out first. */
public final class MetricsAnswers {

    private static final InternalRoute ROUTE =
            new InternalRoute("/api/v1/keys", InternalService.METRICS, DataSize.ofBytes(0));

    private final Forwarder forwarder;

    MetricsAnswers(Forwarder forwarder) {
        this.forwarder = forwarder;
    }

    /**
     * Has the request answered.
     *
     * @param as in whose name it is asked: an answer is about that one's tenant
     */
    public Mono<Void> forward(ServerWebExchange exchange, Identity as) {
        return forwarder.forward(exchange, ROUTE, as);
    }
}
