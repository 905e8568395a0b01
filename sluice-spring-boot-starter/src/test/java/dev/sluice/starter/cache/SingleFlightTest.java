package dev.sluice.starter.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.test.FakeClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache.ValueRetrievalException;

class SingleFlightTest {

    private static final int CALLERS = 100;

    private final SluiceCache cache = Caches.over(Caches.store(FakeClock.fixed()), Caches.rules());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch loading = new CountDownLatch(1);
    private final AtomicInteger loads = new AtomicInteger();

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void aHundredCallersLoadOnce() throws Exception {
        List<Future<String>> answers = call(() -> {
            loads.incrementAndGet();
            loading.await();
            return "made";
        });
        go.countDown();
        loading.countDown();
        for (Future<String> answer : answers) {
            assertThat(answer.get()).isEqualTo("made");
        }
        assertThat(loads).hasValue(1);
    }

    @Test
    void aFailureIsThatOfAllWhoWaitedForIt() throws Exception {
        IllegalStateException thrown = new IllegalStateException("no");
        List<Future<String>> answers = call(() -> {
            loads.incrementAndGet();
            loading.await();
            throw thrown;
        });
        go.countDown();
        loading.countDown();
        for (Future<String> answer : answers) {
            assertThatThrownBy(answer::get)
                    .cause()
                    .isInstanceOf(ValueRetrievalException.class)
                    .hasCause(thrown);
        }
        assertThat(loads).hasPositiveValue();
    }

    /** Of those who put where nothing is, one does. */
    @Test
    void onlyOnePutsIfAbsent() throws Exception {
        List<Future<Boolean>> puts = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            int own = i;
            puts.add(threads.submit(() -> {
                go.await();
                return cache.putIfAbsent("k", own) == null;
            }));
        }
        go.countDown();
        int won = 0;
        for (Future<Boolean> put : puts) {
            won += put.get() ? 1 : 0;
        }
        assertThat(won).isEqualTo(1);
    }

    private List<Future<String>> call(Callable<String> loader) {
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            answers.add(threads.submit(() -> {
                go.await();
                String value = cache.get("k", loader);
                return value == null ? "" : value;
            }));
        }
        return answers;
    }
}
