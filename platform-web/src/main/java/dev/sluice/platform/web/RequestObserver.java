package dev.sluice.platform.web;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Told of requests on their threads: must be quick and must not throw. */
public interface RequestObserver {

    RequestObserver NONE = new RequestObserver() {
        @Override
        public void answered(RequestContext context, Answered request) {}

        @Override
        public void failed(RequestContext context, @Nullable String tenant, Throwable error) {}
    };

    /**
     * A request whose trace is kept and whose answer begins.
     *
     * @param at when that was
     * @param took since the request's head had come
     * @param route the pattern it came by; null when there is none
     * @param tenant whose key it came with; null when that is not known
     */
    record Answered(
            Instant at,
            Duration took,
            String method,
            @Nullable String route,
            int status,
            @Nullable String tenant) {}

    void answered(RequestContext context, Answered request);

    /** A request is answered with 500 for an error that nobody has foreseen. */
    void failed(RequestContext context, @Nullable String tenant, Throwable error);
}
