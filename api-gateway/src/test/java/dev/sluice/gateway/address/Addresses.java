package dev.sluice.gateway.address;

import java.util.List;

/** Knowledge of addresses for tests. */
public final class Addresses {

    private Addresses() {}

    /** Believes these proxies. */
    public static ClientAddresses trusting(String... proxies) {
        return new ClientAddresses(new TrustedProxies(List.of(proxies)));
    }
}
