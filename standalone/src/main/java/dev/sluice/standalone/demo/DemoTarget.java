package dev.sluice.standalone.demo;

import java.net.URI;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * The running platform as the demo sees it.
 *
 * @param gateway base address of the gateway
 * @param actuators management address by service name
 * @param keys API key by tenant name: dev-free, dev-basic, dev-premium, dev-unlimited; sluice for the one that administers
 * @param restarts how often supervised processes were restarted so far
 * @param ready whether every supervised process is ready now
 */
public record DemoTarget(
        URI gateway,
        Map<String, URI> actuators,
        Map<String, String> keys,
        IntSupplier restarts,
        BooleanSupplier ready,
        Company company) {

    /** Who uses the platform. */
    public enum Company {
        /** The demo and nobody else. */
        ALONE,
        /** Others may, at the same time. */
        MAYBE_OTHERS
    }

    public DemoTarget {
        actuators = Map.copyOf(actuators);
        keys = Map.copyOf(keys);
    }

    String key(String name) {
        String key = keys.get(name);
        if (key == null) {
            throw new IllegalStateException("no development key named " + name);
        }
        return key;
    }
}
