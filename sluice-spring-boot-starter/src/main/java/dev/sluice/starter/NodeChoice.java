package dev.sluice.starter;

import dev.sluice.starter.node.NodeEnvironment;
import dev.sluice.starter.node.NodeMode;
import org.springframework.core.env.ConfigurableEnvironment;

/** Which kind of node an application is, by what is configured. */
final class NodeChoice {

    private NodeChoice() {}

    /** Fails where something is shared and nobody says whose it is. */
    static NodeMode of(StarterProperties properties, ConfigurableEnvironment environment) {
        NodeMode mode = NodeMode.of(
                properties.redis() && NodeEnvironment.hasRedis(environment),
                properties.kafka() && NodeEnvironment.hasKafka(environment));
        if (mode != NodeMode.ALONE && properties.tenant().isEmpty()) {
            throw new IllegalStateException(
                    "sluice.starter.tenant must name the tenant of the Sluice platform whose cache"
                            + " this application has; for a cache of this process alone, set sluice.starter.redis=false and"
                            + " sluice.starter.kafka=false");
        }
        return mode;
    }
}
