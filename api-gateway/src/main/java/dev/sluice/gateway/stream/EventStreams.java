package dev.sluice.gateway.stream;

import dev.sluice.gateway.stream.EventLogReader.Start;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/** Finds where a stream begins, and begins it. Thread-safe; never blocks. */
final class EventStreams {

    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);

    private final EventTailListener tail;
    private final EventLogReaders readers;
    private final StreamBounds bounds;
    private final Duration patience;
    private final InstantSource clock;

    EventStreams(
            EventTailListener tail,
            EventLogReaders readers,
            StreamBounds bounds,
            Duration patience,
            InstantSource clock) {
        this.tail = tail;
        this.readers = readers;
        this.bounds = bounds;
        this.patience = patience;
        this.clock = clock;
    }

    /**
     * A stream that has begun, and how its client names a place in it.
     *
     * @param start where it begins
     */
    record Begun(EventStream stream, StreamIds ids, Positions start) {}

    /** Fails with a problem when the id is none of this tenant's, or the log does not answer. */
    Mono<Begun> begin(Identity identity, StreamRequest request) {
        Positions heard = tail.positions().orElseThrow(EventStreams::unavailable);
        StreamIds ids = new StreamIds(identity.tenant());
        return switch (request.start()) {
            case StreamStart.Now ignored -> Mono.fromSupplier(() -> beginNow(ids, request.filter(), heard));
            case StreamStart.Behind behind ->
                locate(ids, behind, heard).map(start -> begin(ids, request.filter(), start));
            case StreamStart.Since since ->
                locate(since.time(), heard).map(start -> begin(ids, request.filter(), start));
        };
    }

    private Mono<Start> locate(StreamIds ids, StreamStart.Behind behind, Positions heard) {
        Positions wanted = ids.read(behind.token()).orElseThrow(behind::notMine);
        if (!wanted.isInLogOf(heard)) {
            return ask(reader -> reader.startAnew(heard));
        }
        if (wanted.partitions() != heard.partitions()) {
            throw behind.notMine();
        }
        return ask(reader -> reader.startBehind(wanted));
    }

    private Mono<Start> locate(Instant time, Positions heard) {
        Instant kept = clock.instant().minus(EventTailListener.TOPIC.retention());
        return ask(reader -> reader.startSince(time, kept, heard));
    }

    private Mono<Start> ask(Function<EventLogReader, Start> question) {
        return readers.ask(question)
                .timeout(patience)
                .onErrorMap(failure -> !(failure instanceof ProblemException), failure -> {
                    LOG.warn("the log does not say where a stream begins", failure);
                    return unavailable();
                });
    }

    private Begun beginNow(StreamIds ids, EventFilter filter, Positions heard) {
        EventStream stream = new EventStream(ids.tenant(), filter, tail, bounds, heard);
        return new Begun(stream, ids, stream.beginNow());
    }

    private Begun begin(StreamIds ids, EventFilter filter, Start start) {
        EventStream stream = new EventStream(ids.tenant(), filter, tail, bounds, start.at());
        stream.begin(start.first());
        readers.readFor(stream);
        return new Begun(stream, ids, start.at());
    }

    private static ProblemException unavailable() {
        return new ProblemException(
                        ProblemType.UNAVAILABLE, "The log of events does not answer just now; open the stream again.")
                .withHeader(HttpHeaders.RETRY_AFTER, "1");
    }
}
