package dev.sluice.platform.web;

import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.Observation;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;

/**
 * Makes the timers of requests as Spring Boot does, but for streams: a few that lasted for an hour would be the slowest percent
 * of all requests. They count as active while they last. Thread-safe.
 */
final class RequestMeterHandler extends DefaultMeterObservationHandler {

    RequestMeterHandler(MeterRegistry meters) {
        super(meters);
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof ServerRequestObservationContext;
    }

    @Override
    public void onStop(Observation.Context context) {
        ServerHttpResponse response = ((ServerRequestObservationContext) context).getResponse();
        if (response == null || !StreamedAnswer.is(response)) {
            super.onStop(context);
            return;
        }
        LongTaskTimer.Sample active = context.getRequired(LongTaskTimer.Sample.class);
        long _ = active.stop();
    }
}
