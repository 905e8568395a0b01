package dev.sluice.platform.web;

import java.time.Duration;
import reactor.netty.transport.NameResolverProvider.NameResolverSpec;

/**
 * How the names of services and upstreams are looked up, by whoever calls them. Docker's name server says that its answers hold for ten minutes,
 * and a container that is made anew has another address, or that of another service: connections to the old one were
 * tried for as long.
 */
public final class ServiceNames {

    /** A lookup for each new connection at most once in so long; connections that are kept need none. */
    static final Duration REMEMBERED = Duration.ofSeconds(1);

    private ServiceNames() {}

    /** Remembers an address for a moment only, whatever its name server says. */
    public static void lookUp(NameResolverSpec names) {
        names.cacheMaxTimeToLive(REMEMBERED);
    }
}
