package dev.sluice.cache.engine;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one Redis server says of itself.
 *
 * @param address host and port, as the cluster names it; empty where there is one server only
 * @param answers whether it said anything
 * @param facts the fields of its {@code INFO}; a server may leave some out
 */
public record RedisServer(String address, boolean answers, Map<String, String> facts) {

    private static final Pattern DATABASE = Pattern.compile("db[0-9]+");
    private static final Pattern KEYS = Pattern.compile("keys=([0-9]{1,18})(?:,.*)?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    public RedisServer {
        facts = Map.copyOf(facts);
    }

    static RedisServer silent(String address) {
        return new RedisServer(address, false, Map.of());
    }

    /** Empty when the server does not say so, or no number. */
    public OptionalLong number(String field) {
        String text = facts.getOrDefault(field, "");
        return NUMBER.matcher(text).matches() ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** Of all its databases; empty when it does not answer. */
    public OptionalLong keys() {
        return answers
                ? OptionalLong.of(facts.entrySet().stream()
                        .filter(fact -> DATABASE.matcher(fact.getKey()).matches())
                        .mapToLong(fact -> keysIn(fact.getValue()))
                        .sum())
                : OptionalLong.empty();
    }

    /**
     * The part of its look-ups of keys that found one; empty before the first. Not the hit rate of a cache: scripts, counters,
     * locks and purges look for keys too, and what is answered from a first level is not among them.
     */
    public OptionalDouble keyspaceHitRate() {
        long hits = number("keyspace_hits").orElse(0);
        long all = hits + number("keyspace_misses").orElse(0);
        return all == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) hits / all);
    }

    public boolean isReplica() {
        return facts.getOrDefault("role", "").equals("slave");
    }

    private static long keysIn(String database) {
        Matcher keys = KEYS.matcher(database);
        return keys.matches() ? Long.parseLong(keys.group(1)) : 0;
    }
}
