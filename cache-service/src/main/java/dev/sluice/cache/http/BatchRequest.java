package dev.sluice.cache.http;

import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.Lifetime;
import dev.sluice.cache.namespace.NamespaceRules;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** What a batch asks for. */
final class BatchRequest {

    private BatchRequest() {}

    /** Of reads and removals. */
    record Keys(List<String> keys) {
        Keys {
            keys = List.copyOf(keys);
        }
    }

    /** What one value is stored with. */
    record Terms(CacheValue value, Lifetime lifetime, Condition condition) {}

    /** Of values to store. */
    record Puts(List<Put> items) {
        Puts {
            items = List.copyOf(items);
        }

        /** The items, each of which has what it needs. */
        List<Put> complete() {
            for (int i = 0; i < items.size(); i++) {
                requireField(items.get(i).key(), "items[" + i + "].key");
                requireField(items.get(i).value(), "items[" + i + "].value");
            }
            return items;
        }

        private static void requireField(@Nullable String value, String field) {
            if (value == null) {
                throw ProblemException.ofField(
                        ProblemType.MISSING_FIELD, field, "Add the field " + field + "; it is required.");
            }
        }
    }

    /**
     * One value, in base64. What is beside it is the header of that name in a PUT of this value alone.
     *
     * @param value in base64
     */
    record Put(
            String key,
            String value,
            @Nullable String contentType,
            @Nullable String cacheControl,
            @Nullable String cacheGroups,
            @Nullable String cacheLease,
            @Nullable String ifMatch,
            @Nullable String ifNoneMatch) {

        private byte[] bytes() {
            try {
                return Base64.getDecoder().decode(value);
            } catch (IllegalArgumentException e) {
                throw ProblemException.ofField(
                        ProblemType.INVALID_FIELD, "value", "Send the bytes in base64 with padding (RFC 4648).");
            }
        }

        /** What is to be stored, how, and when. Refuses what is not well-formed or cannot be. */
        Terms terms(NamespaceRules rules) {
            RequestHeaders headers = new RequestHeaders(headers());
            return new Terms(
                    ValueRules.value(rules, bytes(), headers.contentType()).withTags(headers.groups()),
                    headers.lifetime(rules),
                    headers.putCondition());
        }

        private HttpHeaders headers() {
            HttpHeaders headers = new HttpHeaders();
            set(headers, HttpHeaders.CONTENT_TYPE, contentType);
            set(headers, HttpHeaders.CACHE_CONTROL, cacheControl);
            set(headers, CacheGroups.HEADER, cacheGroups);
            set(headers, RequestHeaders.LEASE, cacheLease);
            set(headers, HttpHeaders.IF_MATCH, ifMatch);
            set(headers, HttpHeaders.IF_NONE_MATCH, ifNoneMatch);
            return headers;
        }

        private static void set(HttpHeaders headers, String name, @Nullable String value) {
            if (value != null) {
                headers.set(name, value);
            }
        }
    }
}
