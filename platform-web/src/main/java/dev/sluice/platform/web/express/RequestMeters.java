package dev.sluice.platform.web.express;

import dev.sluice.platform.web.StreamedAnswer;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.handler.ExceptionHandlingWebHandler;
import org.springframework.web.util.DisconnectedClientHelper;
import reactor.core.publisher.SignalType;

/**
 * The timer that the observation of a request has elsewhere, under the same name and tags, and not of a stream either. It is
 * looked up by what decides the tags, which Spring's own convention makes of the first such request. Thread-safe.
 */
final class RequestMeters {

    private static final DefaultServerRequestObservationConvention CONVENTION =
            new DefaultServerRequestObservationConvention();

    /** An attribute of the exchange: the pattern of its path. */
    static final String PATTERN = RequestMeters.class.getName();

    private record Kind(
            HttpMethod method,
            HttpStatusCode status,
            boolean aborted,
            boolean committed,
            @Nullable Class<?> error,
            @Nullable String pattern) {}

    private final MeterRegistry registry;
    private final Map<Kind, Timer> ended = new ConcurrentHashMap<>();

    RequestMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** One request from now to its end. */
    final class Sample {

        private final ServerWebExchange exchange;
        private final long startedNanos = System.nanoTime();

        private Sample(ServerWebExchange exchange) {
            this.exchange = exchange;
        }

        void end(SignalType signal) {
            if (StreamedAnswer.is(exchange.getResponse())) {
                return;
            }
            boolean cancelled = signal == SignalType.CANCEL;
            Throwable error =
                    cancelled ? null : exchange.getAttribute(ExceptionHandlingWebHandler.HANDLED_WEB_EXCEPTION);
            boolean aborted =
                    cancelled || (error != null && DisconnectedClientHelper.isClientDisconnectedException(error));
            HttpStatusCode status = exchange.getResponse().getStatusCode();
            Kind kind = new Kind(
                    exchange.getRequest().getMethod(),
                    status == null ? HttpStatus.OK : status,
                    aborted,
                    exchange.getResponse().isCommitted(),
                    error == null ? null : error.getClass(),
                    patternOf(exchange));
            Timer timer = ended.get(kind);
            if (timer == null) {
                timer = ended.computeIfAbsent(kind, unseen -> timerOf(exchange, unseen, error));
            }
            timer.record(System.nanoTime() - startedNanos, TimeUnit.NANOSECONDS);
        }
    }

    Sample begin(ServerWebExchange exchange) {
        return new Sample(exchange);
    }

    private static @Nullable String patternOf(ServerWebExchange exchange) {
        String pattern = exchange.getAttribute(PATTERN);
        return pattern != null
                ? pattern
                : ServerRequestObservationContext.findCurrent(exchange.getAttributes())
                        .map(ServerRequestObservationContext::getPathPattern)
                        .orElse(null);
    }

    private Timer timerOf(ServerWebExchange exchange, Kind kind, @Nullable Throwable error) {
        ServerRequestObservationContext context = contextOf(exchange);
        context.setPathPattern(kind.pattern);
        context.setConnectionAborted(kind.aborted);
        if (error != null) {
            context.setError(error);
        }
        List<Tag> tags = tagsOf(context);
        tags.add(Tag.of(
                "error", error == null ? KeyValue.NONE_VALUE : error.getClass().getSimpleName()));
        return registry.timer(CONVENTION.getName(), tags);
    }

    private static ServerRequestObservationContext contextOf(ServerWebExchange exchange) {
        return new ServerRequestObservationContext(
                exchange.getRequest(), exchange.getResponse(), exchange.getAttributes());
    }

    private static List<Tag> tagsOf(ServerRequestObservationContext context) {
        List<Tag> tags = new ArrayList<>();
        for (KeyValue value : CONVENTION.getLowCardinalityKeyValues(context)) {
            tags.add(Tag.of(value.getKey(), value.getValue()));
        }
        return tags;
    }
}
