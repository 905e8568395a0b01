package dev.sluice.platform.web.express;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.server.handler.ExceptionHandlingWebHandler;
import org.springframework.web.util.DisconnectedClientHelper;
import reactor.core.publisher.Mono;

/** Gives what went wrong to the handlers of errors that WebFlux has, in their order. */
final class ExpressErrors {

    private static final Logger LOG = LoggerFactory.getLogger(ExpressErrors.class);

    private final List<WebExceptionHandler> handlers;

    ExpressErrors(List<WebExceptionHandler> handlers) {
        this.handlers = List.copyOf(handlers);
    }

    Mono<Void> answer(ServerWebExchange exchange, Throwable error) {
        if (!exchange.getResponse().isCommitted()) {
            exchange.getResponse().getHeaders().clearContentHeaders();
        }
        return new ExceptionHandlingWebHandler(ignored -> Mono.error(error), handlers)
                .handle(exchange)
                .onErrorResume(left -> end(exchange, left));
    }

    /** What no handler takes: with an answer under way the connection ends, unless it has ended already. */
    private static Mono<Void> end(ServerWebExchange exchange, Throwable error) {
        if (exchange.getResponse().setStatusCode(HttpStatus.INTERNAL_SERVER_ERROR)) {
            LOG.error("{}Nothing answers this error", exchange.getLogPrefix(), error);
            return Mono.empty();
        }
        if (DisconnectedClientHelper.isClientDisconnectedException(error)) {
            return Mono.empty();
        }
        LOG.error("{}The answer broke off", exchange.getLogPrefix(), error);
        return Mono.error(error);
    }
}
