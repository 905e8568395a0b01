package dev.sluice.gateway.responsecache;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheSettings;
import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.platform.test.FakeClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What one gateway keeps, and what it tells the others. */
final class GatewayMemory implements Peers {

    static final AnswerKey KEY = new AnswerKey(AnswerKey.EVERYBODY, "", "http://shop", "/ware");

    static final Map.Entry<String, String> NAMELESS = Map.entry("X-Own", "1");
    static final Map.Entry<String, String> GROUPED = Map.entry("Cache-Groups", "\"wares\"");
    static final Map.Entry<String, String> VARYING = Map.entry("Vary", "X-Size");

    private static final AtomicLong GENERATIONS = new AtomicLong();
    private static final Duration LOCAL_AGE = Duration.ofSeconds(10);

    final Library library;
    final List<CacheKey> announced = new CopyOnWriteArrayList<>();
    volatile boolean hearing = true;
    private final FakeClock clock;

    GatewayMemory(FakeClock clock, @Nullable FarStore far) {
        this.clock = clock;
        TwoLevelCache near =
                TwoLevelCache.builder(CacheSettings.defaults()).clock(clock).build();
        library = new Library(
                new ResponseStore(near, far, this, LOCAL_AGE, clock),
                clock,
                GENERATIONS::incrementAndGet,
                LOCAL_AGE,
                ResponseStore.LONGEST);
    }

    @Override
    public void listen(Listener listener) {}

    @Override
    public void announce(CacheKey key, long version) {
        announced.add(key);
    }

    @Override
    public boolean areHeard() {
        return hearing;
    }

    void hears(GatewayMemory other) {
        other.announced.forEach(library::removed);
    }

    Library.@Nullable Found find() {
        return library.find(KEY, name -> List.of()).block();
    }

    boolean has() {
        return askedMillis() != 0;
    }

    /** When the answer was asked for that is found; 0 for none. */
    long askedMillis() {
        Library.Found found = find();
        StoredAnswer answer = found == null ? null : found.answer();
        return answer == null ? 0 : answer.requestMillis();
    }

    /** An answer that was asked for then, and comes now. */
    void keep(long askedMillis) {
        keep(askedMillis, find(), NAMELESS);
    }

    /**
     * The same.
     *
     * @param found before it was asked for
     */
    void keep(long askedMillis, Library.@Nullable Found found, Map.Entry<String, String> field) {
        Fields fields = new Fields(List.of(Map.entry("Cache-Control", "max-age=3600"), field));
        StoredAnswer answer = new StoredAnswer(
                "terms",
                200,
                fields,
                askedMillis,
                clock.millis(),
                Slice.of("ware".getBytes(StandardCharsets.US_ASCII)));
        library.store(KEY, answer, found, name -> List.of(), Duration.ofHours(1));
    }
}
