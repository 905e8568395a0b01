package dev.sluice.platform.web;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;
import reactor.core.publisher.Mono;

/** Answers every error that reaches the end of the filter chain with a problem; logs those that are our fault. */
final class ProblemExceptionHandler implements WebExceptionHandler, Ordered {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemExceptionHandler.class);

    private final ProblemWriter writer;
    private final RequestObserver observer;

    ProblemExceptionHandler(ProblemWriter writer, RequestObserver observer) {
        this.writer = writer;
        this.observer = observer;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
        // Who has gone away is told nothing, and cannot fill the log: the server notes it at DEBUG.
        if (exchange.getResponse().isCommitted() || DisconnectedClientHelper.isClientDisconnectedException(error)) {
            return Mono.error(error);
        }
        ProblemException problem = ProblemMapping.map(error);
        if (problem.type().status() == ProblemType.INTERNAL.status()) {
            RequestContext context = RequestContext.of(exchange);
            LOG.error("Request {} failed", context.requestId(), error);
            String tenant = Identity.isKnown(exchange) ? Identity.of(exchange).tenant() : null;
            observer.failed(context, tenant, error);
        }
        // Whoever found the body too large has not read it, and the connection is closed after the answer.
        return problem.type().status() == ProblemType.TOO_LARGE.status()
                ? RefusedBody.readToItsEnd(exchange.getRequest())
                        .then(Mono.defer(() -> writer.write(exchange, problem)))
                : writer.write(exchange, problem);
    }

    /** Before Boot's own, which stands at -1. */
    @Override
    public int getOrder() {
        return -2;
    }
}
