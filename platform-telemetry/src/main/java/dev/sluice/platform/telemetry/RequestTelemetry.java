package dev.sluice.platform.telemetry;

import dev.sluice.platform.web.RequestContext;
import dev.sluice.platform.web.RequestObserver;
import dev.sluice.platform.web.TraceParent;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a span of each request whose trace is kept, and a report of each that failed unforeseen. */
final class RequestTelemetry implements RequestObserver {

    private static final int FIRST_SERVER_ERROR = 500;

    private final Telemetry telemetry;
    private final InstantSource clock;

    RequestTelemetry(Telemetry telemetry, InstantSource clock) {
        this.telemetry = telemetry;
        this.clock = clock;
    }

    /** Never with the path itself, which may hold anything. Attributes are named as OpenTelemetry names them. */
    @Override
    public void answered(RequestContext context, Answered request) {
        TraceParent trace = context.trace();
        if (trace == null) {
            return;
        }
        String route = request.route() == null ? "(no route)" : request.route();
        telemetry.span(
                trace,
                context.parentSpanId(),
                request.tenant(),
                request.method() + " " + route,
                request.at().minus(request.took()),
                request.took(),
                request.status() >= FIRST_SERVER_ERROR,
                Map.of(
                        "http.request.method", request.method(),
                        "http.route", route,
                        "http.response.status_code", Integer.toString(request.status()),
                        "sluice.request_id", context.requestId()));
    }

    @Override
    public void failed(RequestContext context, @Nullable String tenant, Throwable error) {
        String trace = context.traceId();
        telemetry.error(
                new Failure(
                        error.getClass().getName(),
                        Failure.messageOf(error),
                        Failure.placeOf(error),
                        tenant,
                        context.requestId(),
                        trace.isEmpty() ? null : trace),
                clock.instant());
    }
}
