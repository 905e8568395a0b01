package dev.sluice.gateway.route;

import java.util.Optional;

/**
 * How the path and the host change on the way to the upstream. First a prefix is taken off, then one is put before.
 *
 * @param stripPrefix whole segments that the route's path begins with
 * @param addPrefix whole segments
 * @param host which Host the upstream sees
 */
public record Rewrite(Optional<String> stripPrefix, Optional<String> addPrefix, HostHeader host) {

    public static final Rewrite NONE = new Rewrite(Optional.empty(), Optional.empty(), HostHeader.TARGET);

    /** Which Host header a request has when it goes on. */
    public enum HostHeader {
        /** That of the target's URL. */
        TARGET,
        /** The one that the caller sent. */
        CALLER
    }
}
