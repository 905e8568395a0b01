package dev.sluice.cache.engine;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What an operator does with {@code redis-cli}, of which no node is told. */
final class RedisByHand implements AutoCloseable {

    /** In CLIENT LIST: the number of a connection whose flags name tracking. */
    private static final Pattern TRACKING = Pattern.compile("id=(\\d+) [^\\n]* flags=[A-Za-z]*t");

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    RedisByHand(String host, int port) {
        client = RedisClient.create(RedisURI.create(host, port));
        connection = client.connect();
    }

    static String nameOf(CacheKey key) {
        return nameOf(RedisConnections.ONE, key);
    }

    static String nameOf(RedisNames names, CacheKey key) {
        return StandardCharsets.UTF_8.decode(names.entry(key)).toString();
    }

    RedisCommands<String, String> commands() {
        return connection.sync();
    }

    void delete(CacheKey key) {
        commands().del(nameOf(key));
    }

    /** The connections on which nodes listen. */
    List<Long> listeners() {
        return TRACKING.matcher(commands().clientList())
                .results()
                .map((MatchResult found) -> Long.parseLong(found.group(1)))
                .toList();
    }

    /** In one step, so that none of them hears of it. */
    void breakListenersAndDelete(CacheKey key) {
        List<Long> listeners = listeners();
        commands().multi();
        listeners.forEach(id -> commands().clientKill(KillArgs.Builder.id(id)));
        commands().del(nameOf(key));
        commands().exec();
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
