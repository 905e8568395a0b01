package dev.sluice.platform.web.express;

import java.util.List;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/** The filters from one of them on: each calls the next, with nothing in between. */
final class ExpressChain implements WebFilterChain {

    private final WebFilter filter;
    private final WebFilterChain next;

    private ExpressChain(WebFilter filter, WebFilterChain next) {
        this.filter = filter;
        this.next = next;
    }

    /** @param last for what no filter answers */
    static WebFilterChain of(List<WebFilter> filters, WebHandler last) {
        WebFilterChain chain = last::handle;
        for (WebFilter filter : filters.reversed()) {
            chain = new ExpressChain(filter, chain);
        }
        return chain;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange) {
        return filter.filter(exchange, next);
    }
}
