package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.address.ClientAddresses;
import dev.sluice.platform.web.Identity;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Who asks without a key, as far as limits tell them apart: by address. */
final class AnonymousCallers {

    /** No id of a tenant begins with it. */
    private static final String PREFIX = "@";

    private static final String UNKNOWN = "unknown";

    private final ClientAddresses addresses;
    private final String tier;

    /** @param tier name of their tier; empty when no limit is held for them */
    AnonymousCallers(ClientAddresses addresses, String tier) {
        this.addresses = addresses;
        this.tier = tier;
    }

    static boolean isAnonymous(Identity caller) {
        return isAnonymous(caller.tenant());
    }

    static boolean isAnonymous(String tenant) {
        return tenant.startsWith(PREFIX);
    }

    /** The stand-in for a tenant that counts what an address does; none when no limit is held. */
    Optional<Identity> of(ServerHttpRequest request) {
        if (tier.isEmpty()) {
            return Optional.empty();
        }
        String network =
                addresses.networkOf(request).map(InetAddress::getHostAddress).orElse(UNKNOWN);
        return Optional.of(new Identity(PREFIX + network, LimitOwners.NO_KEY, tier, Set.of()));
    }
}
