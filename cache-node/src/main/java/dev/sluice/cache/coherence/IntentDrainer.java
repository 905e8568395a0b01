package dev.sluice.cache.coherence;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Drains again and again, each time when the one before is done. */
final class IntentDrainer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IntentDrainer.class);
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final Disposable drains;

    IntentDrainer(IntentDrain drain) {
        drains = Mono.defer(drain::drain)
                .onErrorResume(error -> {
                    // Redis or Kafka is away, which others say louder.
                    LOG.debug("Changes that nobody announced were not looked for; looking again", error);
                    return Mono.empty();
                })
                .repeatWhen(ended -> ended.delayElements(INTERVAL))
                .subscribe();
    }

    @Override
    public void close() {
        drains.dispose();
    }
}
