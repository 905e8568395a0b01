package dev.sluice.cache.level;

import dev.sluice.cache.engine.CacheSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How large and how patient the levels are. Where Redis is comes from {@code spring.data.redis}.
 *
 * @param firstLevelSize memory for the first level: keys, values and an estimate of what holds them
 * @param secondLevelTimeout how long Redis may take to answer
 */
@ConfigurationProperties("sluice.cache.level")
record LevelProperties(
        @DefaultValue("64MB") DataSize firstLevelSize,
        @DefaultValue("250ms") Duration secondLevelTimeout) {

    LevelProperties {
        if (firstLevelSize.toBytes() < 1) {
            throw new IllegalArgumentException(
                    "sluice.cache.level.first-level-size must be positive: " + firstLevelSize);
        }
        if (!secondLevelTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "sluice.cache.level.second-level-timeout must be positive: " + secondLevelTimeout);
        }
    }

    CacheSettings settings() {
        return CacheSettings.defaults()
                .withFirstLevelMaxBytes(firstLevelSize.toBytes())
                .withSecondLevelDeadline(secondLevelTimeout);
    }
}
