package dev.sluice.metrics.partition;

import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Lets requests be answered from copies, and says so in a header when one was. */
final class CopiesFilter implements WebFilter {

    private final long mostRecords;

    CopiesFilter(long mostRecords) {
        this.mostRecords = mostRecords;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        // Of use to other instances only: what they ask is refused from anybody else.
        boolean asked = exchange.getRequest().getHeaders().containsHeader(Copies.ALLOWED_HEADER);
        Copies copies = new Copies(mostRecords, asked);
        exchange.getResponse()
                .beforeCommit(() -> Mono.fromRunnable(() -> copies.lagRecords()
                        .ifPresent(lag ->
                                exchange.getResponse().getHeaders().set(Copies.STALE_HEADER, Copies.words(lag)))));
        return chain.filter(exchange).contextWrite(context -> context.put(Copies.class, copies));
    }
}
