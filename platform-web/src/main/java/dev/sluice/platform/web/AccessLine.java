package dev.sluice.platform.web;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/** The line of a request in the access log, for an answer that goes on long after its head was sent. Thread-safe. */
public final class AccessLine {

    private static final String ATTRIBUTE = AccessLine.class.getName();

    private final ServerWebExchange exchange;
    private final AtomicReference<@Nullable Runnable> line = new AtomicReference<>();

    private AccessLine(ServerWebExchange exchange) {
        this.exchange = exchange;
    }

    /** Keeps the line back, which is else written with the head of the answer, until it is released. */
    public static AccessLine hold(ServerWebExchange exchange) {
        AccessLine held = new AccessLine(exchange);
        exchange.getAttributes().put(ATTRIBUTE, held);
        return held;
    }

    static Optional<AccessLine> of(ServerWebExchange exchange) {
        return Optional.ofNullable(exchange.getAttribute(ATTRIBUTE));
    }

    void keep(Runnable write) {
        line.set(write);
    }

    /** Writes the line, once; one that is not known yet comes with the head of the answer after all. */
    public void release() {
        exchange.getAttributes().remove(ATTRIBUTE);
        Runnable write = line.getAndSet(null);
        if (write != null) {
            write.run();
        }
    }
}
