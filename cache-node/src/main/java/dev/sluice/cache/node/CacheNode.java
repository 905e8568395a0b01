package dev.sluice.cache.node;

import java.util.UUID;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * This process among those that serve the cache.
 *
 * @param id names it in records; unset for a random one at each start, which is right unless names are given out
 */
@ConfigurationProperties("sluice.cache.node")
public record CacheNode(@DefaultValue("") String id) {

    private static final int MAX_LENGTH = 128;

    public CacheNode {
        if (id.isEmpty()) {
            id = UUID.randomUUID().toString();
        }
        if (id.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "sluice.cache.node.id must have at most " + MAX_LENGTH + " characters: " + id.length());
        }
    }
}
