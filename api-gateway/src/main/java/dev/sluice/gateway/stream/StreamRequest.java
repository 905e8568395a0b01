package dev.sluice.gateway.stream;

import dev.sluice.platform.web.StrictQuery;
import java.time.Instant;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** What a client asks for: which events, and from where on. */
record StreamRequest(EventFilter filter, StreamStart start) {

    /** @throws dev.sluice.platform.web.ProblemException when it makes no sense */
    static StreamRequest parse(ServerHttpRequest request, Instant now) {
        StrictQuery query =
                StrictQuery.of(request).only("type", "subject", StreamStart.LAST_EVENT_ID_PARAMETER, StreamStart.SINCE);
        EventFilter filter = EventFilter.parse(
                query.text("type").orElse(null), query.text("subject").orElse(null));
        return new StreamRequest(filter, StreamStart.parse(request.getHeaders(), query, now));
    }
}
