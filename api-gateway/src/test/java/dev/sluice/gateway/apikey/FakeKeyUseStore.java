package dev.sluice.gateway.apikey;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** A place in memory, which is away when told so. */
final class FakeKeyUseStore implements KeyUseStore {

    private final Map<String, Long> kept = new ConcurrentHashMap<>();
    private volatile boolean away;
    private volatile Duration delay = Duration.ZERO;
    private final AtomicInteger calls = new AtomicInteger();

    void goAway() {
        away = true;
    }

    void comeBack() {
        away = false;
    }

    /** As the first use of a connection is. */
    void takeSoLong(Duration time) {
        delay = time;
    }

    int calls() {
        return calls.get();
    }

    @Override
    public Mono<Void> write(Map<String, Long> minutes) {
        return Mono.delay(delay)
                .then(present(() -> minutes.forEach((id, minute) -> kept.merge(id, minute, Math::max))));
    }

    @Override
    public Mono<Map<String, Long>> read(Collection<String> ids) {
        return present(() -> {}).then(Mono.fromSupplier(() -> {
            Map<String, Long> found = new HashMap<>(kept);
            found.keySet().retainAll(ids);
            return found;
        }));
    }

    @Override
    public Mono<Void> remove(String id) {
        return present(() -> kept.remove(id));
    }

    private Mono<Void> present(Runnable what) {
        return Mono.fromRunnable(() -> {
            if (away) {
                throw new IllegalStateException("away");
            }
            calls.incrementAndGet();
            what.run();
        });
    }
}
