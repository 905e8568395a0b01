package dev.sluice.gateway.address;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The proxies that are believed when they say for whom they ask. Immutable. */
public final class TrustedProxies {

    private final List<AddressRange> ranges;

    /** @param ranges addresses and CIDR blocks */
    public TrustedProxies(List<String> ranges) {
        this.ranges = ranges.stream().map(AddressRange::parse).toList();
    }

    /** Whether what this peer says of earlier hops is believed; never of a peer whose address is not known. */
    public boolean trusts(@Nullable InetAddress peer) {
        if (peer != null) {
            for (AddressRange range : ranges) {
                if (range.contains(peer)) {
                    return true;
                }
            }
        }
        return false;
    }
}
