package dev.sluice.gateway.stream;

import dev.sluice.gateway.stream.EventStream.Taken;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Carries a stream to its client, one write after the other: while a write is under way the stream's buffer takes what
 * comes, and nothing else grows. Used once.
 */
final class StreamPump {

    /** As much as goes into one write, unless a single event is larger. */
    private static final long WRITE_BYTES = 64 * 1024;

    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final EventStream stream;
    private final StreamOutlet outlet;
    private final EventLogReaders readers;
    private final StreamProperties properties;
    private final StreamMeters meters;
    private final Scheduler loop;
    private boolean ended;

    StreamPump(
            EventStream stream,
            StreamOutlet outlet,
            EventLogReaders readers,
            StreamProperties properties,
            StreamMeters meters,
            Scheduler loop) {
        this.stream = stream;
        this.outlet = outlet;
        this.readers = readers;
        this.properties = properties;
        this.meters = meters;
        this.loop = loop;
    }

    /** Completes when the stream was closed and the client told so, or cannot be told. */
    Mono<Void> run(String startId) {
        Mono<Void> all = write(outlet.open(startId))
                .then(Mono.defer(this::turn).repeat(() -> !ended).then());
        // Whoever is told to go has a second; a write that a client does not read would last for ever.
        Mono<Void> enough = stream.whenClosed()
                .then(Mono.delay(FAREWELL))
                .doOnNext(late -> outlet.cut())
                .then();
        return Mono.firstWithSignal(all, enough);
    }

    private Mono<Void> turn() {
        return stream.ready()
                .thenReturn(true)
                .timeout(properties.heartbeat(), Mono.just(false))
                .publishOn(loop)
                .flatMap(this::carry);
    }

    private Mono<Void> carry(boolean ready) {
        Taken taken = stream.poll(WRITE_BYTES);
        if (taken.closed() != null) {
            ended = true;
            return outlet.end(taken.closed());
        }
        if (!stream.isLive()) {
            readers.readFor(stream);
        }
        if (taken.items().isEmpty()) {
            return ready ? Mono.empty() : write(outlet.beat());
        }
        return write(outlet.send(taken.items()).doOnSuccess(sent -> meters.told(taken.items())));
    }

    private Mono<Void> write(Mono<Void> write) {
        return write.timeout(properties.stallTimeout())
                .onErrorResume(
                        TimeoutException.class,
                        stalled -> Mono.fromRunnable(() -> {
                            stream.close(CloseReason.SLOW_READER);
                            outlet.cut();
                            ended = true;
                        }));
    }
}
