package dev.sluice.e2e;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** A steady stream of the same request from each of some clients, until it is closed; counts what they are answered. */
final class Load implements AutoCloseable {

    /** Stands for a request that got no answer. */
    static final int NO_ANSWER = 0;

    private final ScheduledExecutorService threads;
    private final List<Map<Integer, LongAdder>> answers;

    private Load(ScheduledExecutorService threads, List<Map<Integer, LongAdder>> answers) {
        this.threads = threads;
        this.answers = answers;
    }

    /** Each client sends one request in each pause, one after the other. */
    static Load start(List<Client> clients, String path, Duration pause) {
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(clients.size());
        List<Map<Integer, LongAdder>> answers = clients.stream()
                .<Map<Integer, LongAdder>>map(client -> new ConcurrentHashMap<>())
                .toList();
        for (int i = 0; i < clients.size(); i++) {
            Client client = clients.get(i);
            Map<Integer, LongAdder> counts = answers.get(i);
            var _ = threads.scheduleAtFixedRate(
                    () -> counts.computeIfAbsent(statusOf(client, path), status -> new LongAdder())
                            .increment(),
                    0,
                    pause.toNanos(),
                    TimeUnit.NANOSECONDS);
        }
        return new Load(threads, answers);
    }

    private static int statusOf(Client client, String path) {
        try {
            return client.get(path).status();
        } catch (UncheckedIOException e) {
            return NO_ANSWER;
        }
    }

    /** How often the client of that place was so answered. */
    long count(int client, int status) {
        LongAdder count = answers.get(client).get(status);
        return count == null ? 0 : count.sum();
    }

    /** How often that client was answered, or was not. */
    long count(int client) {
        return answers.get(client).values().stream().mapToLong(LongAdder::sum).sum();
    }

    int clients() {
        return answers.size();
    }

    List<Integer> statuses() {
        return answers.stream()
                .flatMap(counts -> counts.keySet().stream())
                .distinct()
                .toList();
    }

    /** Returns when the last answer is there. */
    @Override
    public void close() {
        threads.close();
    }
}
