package dev.sluice.cache.http;

import dev.sluice.cache.engine.RedisServer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.LongStream;

/** All servers of one Redis, taken together. Replicas hold what their masters hold, and are not added to them. Pure. */
record RedisFleet(List<RedisServer> servers) {

    private static final String UNITS = "BKMGTP";
    private static final int STEP = 1024;

    RedisFleet {
        servers = List.copyOf(servers);
    }

    String status() {
        long up = servers.stream().filter(RedisServer::answers).count();
        if (up == 0) {
            return "down";
        }
        return up == servers.size() ? "up" : "partly";
    }

    /** As the first that answers says. */
    Optional<String> mode() {
        return text("redis_mode");
    }

    /** As the first that answers says. */
    Optional<String> version() {
        return text("redis_version");
    }

    Optional<Long> usedMemory() {
        return sum("used_memory");
    }

    /** Of the masters that say so; empty when none does. */
    Optional<Long> sum(String field) {
        return sum(server -> server.number(field));
    }

    Optional<Long> keys() {
        return sum(RedisServer::keys);
    }

    Optional<Long> leastUptime() {
        OptionalLong least = known(server -> server.number("uptime_in_seconds")).min();
        return least.isPresent() ? Optional.of(least.getAsLong()) : Optional.empty();
    }

    /** As Redis itself writes bytes: 512B, 1.50K, 2.00M. */
    static String human(long bytes) {
        if (bytes < STEP) {
            return bytes + "B";
        }
        double size = bytes;
        int unit = 0;
        while (size >= STEP && unit < UNITS.length() - 1) {
            size /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, "%.2f%c", size, UNITS.charAt(unit));
    }

    private Optional<Long> sum(Function<RedisServer, OptionalLong> field) {
        long[] numbers = known(field).toArray();
        return numbers.length == 0
                ? Optional.empty()
                : Optional.of(LongStream.of(numbers).sum());
    }

    private LongStream known(Function<RedisServer, OptionalLong> field) {
        return servers.stream().filter(server -> !server.isReplica()).map(field).flatMapToLong(OptionalLong::stream);
    }

    private Optional<String> text(String field) {
        return servers.stream()
                .flatMap(server -> Optional.ofNullable(server.facts().get(field)).stream())
                .findFirst();
    }
}
