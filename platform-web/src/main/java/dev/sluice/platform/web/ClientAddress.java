package dev.sluice.platform.web;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/** From where a request came, as the gateway tells a service that writes it down. */
public final class ClientAddress {

    /** The header that carries it; the gateway takes none from callers whose name begins so. */
    public static final String HEADER = "X-Sluice-Client";

    private ClientAddress() {}

    /** The address as text, such as {@code 192.0.2.7}; empty when the gateway did not know it, or what it says is none. */
    public static Optional<String> of(ServerWebExchange exchange) {
        List<String> values = exchange.getRequest().getHeaders().getOrEmpty(HEADER);
        try {
            return values.size() == 1
                    ? Optional.of(InetAddress.ofLiteral(values.getFirst()).getHostAddress())
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
