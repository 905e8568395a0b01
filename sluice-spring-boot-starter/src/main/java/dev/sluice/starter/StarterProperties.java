package dev.sluice.starter;

import dev.sluice.cache.engine.Lifetime;
import dev.sluice.starter.cache.CacheNames;
import dev.sluice.starter.cache.CacheRules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The caches of an application. Where Redis and Kafka are comes from {@code spring.data.redis} and {@code spring.kafka}; how
 * large and patient the levels are from {@code sluice.cache}.
 *
 * @param enabled whether the application's caches are those of Sluice
 * @param redis whether the Redis of {@code spring.data.redis} is the second level, where one is configured
 * @param kafka whether the Kafka of {@code spring.kafka}, where one is configured, is that of a Sluice platform
 * @param tenant whose entries, reads and changes all are; needed with Redis or Kafka
 * @param namespacePrefix put before the name of each cache to make its namespace, for applications of one tenant that name caches alike
 * @param ttl how long a value is fresh
 * @param staleWhileRevalidate how long after that it is answered while one caller makes it anew; 0 for not at all
 * @param staleIfError how long after its end it is answered when making it anew fails, with {@code sync = true}; 0 for not at all
 * @param idle after how long without a read a value is given up before its end; 0 for never
 * @param nullValues whether it is kept that a method answered null
 * @param maxValueSize largest value that is kept, as bytes
 * @param loadPatience how long a caller waits for a value that another makes, before it makes its own
 * @param writePatience how long a caller waits for a change to be made and announced, which goes on by itself after that
 * @param trustedPackages packages of which values may be made, beside those of the application
 * @param userHeader header with the name of the user, for keys by user: only behind a proxy that sets it on every request; unset for none
 * @param caches what holds for single caches, by their names
 */
@ConfigurationProperties("sluice.starter")
public record StarterProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("true") boolean redis,
        @DefaultValue("true") boolean kafka,
        @DefaultValue("") String tenant,
        @DefaultValue("") String namespacePrefix,
        @DefaultValue("1h") Duration ttl,
        @DefaultValue("0") Duration staleWhileRevalidate,
        @DefaultValue("0") Duration staleIfError,
        @DefaultValue("0") Duration idle,
        @DefaultValue("true") boolean nullValues,
        @DefaultValue("1MB") DataSize maxValueSize,
        @DefaultValue("1m") Duration loadPatience,
        @DefaultValue("500ms") Duration writePatience,
        @DefaultValue List<String> trustedPackages,
        @DefaultValue("") String userHeader,
        @DefaultValue Map<String, CacheProperties> caches) {

    private static final Duration MAX_LIFE = Duration.ofDays(30);

    /** Of an application that has neither Redis nor Kafka. */
    static final String LOCAL_TENANT = "local";

    public StarterProperties {
        requireLife("ttl", ttl);
        requireSpan("stale-while-revalidate", staleWhileRevalidate);
        requireSpan("stale-if-error", staleIfError);
        requireSpan("idle", idle);
        require(
                maxValueSize.toBytes() >= 1 && maxValueSize.toBytes() <= 64L * 1024 * 1024,
                "max-value-size must be 1 byte to 64 MB: " + maxValueSize);
        require(loadPatience.toMillis() > 0, "load-patience must be at least 1 ms: " + loadPatience);
        require(!writePatience.isNegative(), "write-patience must not be negative: " + writePatience);
        require(tenant.length() <= 128 && tenant.indexOf(':') < 0, "tenant must have at most 128 characters, no colon");
    }

    /**
     * What holds for one cache; what is unset is as for all.
     *
     * @param namespace where its entries are; unset for its name in lower case with hyphens
     * @param ttl how long a value is fresh
     * @param staleWhileRevalidate how long after that it is answered while one caller makes it anew
     * @param staleIfError how long after its end it is answered when making it anew fails
     * @param idle after how long without a read a value is given up before its end
     * @param nullValues whether it is kept that a method answered null
     */
    public record CacheProperties(
            @Nullable String namespace,
            @Nullable Duration ttl,
            @Nullable Duration staleWhileRevalidate,
            @Nullable Duration staleIfError,
            @Nullable Duration idle,
            @Nullable Boolean nullValues) {

        public CacheProperties {
            if (ttl != null) {
                requireLife("caches.*.ttl", ttl);
            }
            if (staleWhileRevalidate != null) {
                requireSpan("caches.*.stale-while-revalidate", staleWhileRevalidate);
            }
            if (staleIfError != null) {
                requireSpan("caches.*.stale-if-error", staleIfError);
            }
            if (idle != null) {
                requireSpan("caches.*.idle", idle);
            }
        }

        static CacheProperties unset() {
            return new CacheProperties(null, null, null, null, null, null);
        }
    }

    /** What holds for the cache of that name. Fails where it can have no namespace. */
    CacheRules rulesOf(String cache) {
        CacheProperties own = caches.getOrDefault(cache, CacheProperties.unset());
        String namespace = own.namespace() == null
                ? CacheNames.namespaceOf(cache, namespacePrefix)
                : CacheNames.require(own.namespace(), cache);
        Lifetime lifetime = new Lifetime(
                or(own.ttl(), ttl),
                or(own.staleWhileRevalidate(), staleWhileRevalidate),
                or(own.staleIfError(), staleIfError),
                or(own.idle(), idle));
        return new CacheRules(
                tenant.isEmpty() ? LOCAL_TENANT : tenant,
                namespace,
                lifetime,
                own.nullValues() == null ? nullValues : own.nullValues(),
                Math.toIntExact(maxValueSize.toBytes()),
                loadPatience,
                writePatience);
    }

    private static Duration or(@Nullable Duration own, Duration general) {
        return own == null ? general : own;
    }

    private static void requireLife(String name, Duration value) {
        require(
                value.toMillis() > 0 && value.compareTo(MAX_LIFE) <= 0,
                name + " must be 1 ms to " + MAX_LIFE.toDays() + " d: " + value);
    }

    private static void requireSpan(String name, Duration value) {
        require(
                !value.isNegative() && value.compareTo(MAX_LIFE) <= 0,
                name + " must be 0 to " + MAX_LIFE.toDays() + " d: " + value);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("sluice.starter." + message);
        }
    }
}
