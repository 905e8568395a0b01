package dev.sluice.platform.web.egress;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Servers that speak no HTTP/2, remembered for some minutes. Of a server that may speak it one connection is opened and then looked at before
 * there is another; those that are known not to should not have to wait for that. Thread-safe.
 */
final class OlderServers {

    static final long REMEMBERED_NANOS = Duration.ofMinutes(10).toNanos();
    /** To know none again costs a wait each. */
    private static final int MAX = 20_000;

    private final Map<String, Long> seenNanos = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    OlderServers(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void add(@Nullable SocketAddress server) {
        if (server instanceof InetSocketAddress address) {
            if (seenNanos.size() >= MAX) {
                seenNanos.clear();
            }
            seenNanos.put(key(address.getHostString(), address.getPort()), nanos.getAsLong());
        }
    }

    /** Whether the server of this URL is one of them. */
    boolean contains(String url) {
        URI uri = URI.create(url);
        String key = key(uri.getHost(), uri.getPort() < 0 ? 443 : uri.getPort());
        Long seen = seenNanos.get(key);
        if (seen == null) {
            return false;
        }
        if (nanos.getAsLong() - seen < REMEMBERED_NANOS) {
            return true;
        }
        seenNanos.remove(key, seen);
        return false;
    }

    int size() {
        return seenNanos.size();
    }

    private static String key(String host, int port) {
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return name + ":" + port;
    }
}
