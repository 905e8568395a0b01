package dev.sluice.platform.web;

import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Lets only requests pass that the gateway signed; the management port is not the gateway's. */
public final class InternalIdentityFilter implements WebFilter, Ordered {

    private final IdentityToken token;

    InternalIdentityFilter(IdentityToken token) {
        this.token = token;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (ManagementPort.serves(exchange)) {
            return chain.filter(exchange);
        }
        List<String> values = exchange.getRequest().getHeaders().getOrEmpty(IdentityToken.HEADER);
        if (values.size() != 1) {
            return Mono.error(untrusted());
        }
        return token.verify(values.getFirst())
                .map(identity -> {
                    identity.establish(exchange);
                    return chain.filter(exchange);
                })
                .orElseGet(() -> Mono.error(untrusted()));
    }

    private static ProblemException untrusted() {
        return new ProblemException(ProblemType.UNTRUSTED_CALLER, "Send the request to the gateway, with an API key.");
    }

    @Override
    public int getOrder() {
        return FilterOrder.AUTHENTICATION;
    }
}
