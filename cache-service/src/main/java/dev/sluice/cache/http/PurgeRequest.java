package dev.sluice.cache.http;

import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Purge;
import dev.sluice.cache.engine.PurgeScope;
import dev.sluice.cache.namespace.KeyRules;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a purge asks for; a namespace without anything else is purged as a whole. */
record PurgeRequest(
        String namespace,
        @Nullable List<String> keys,
        @Nullable List<String> tags,
        @Nullable List<String> prefixes,
        @Nullable List<String> patterns,
        @Nullable Boolean soft) {

    private static final int MAX_KEYS = 1000;
    private static final int MAX_SCOPES = 100;

    boolean isSoft() {
        return Boolean.TRUE.equals(soft);
    }

    /** Those that are removed one by one; soft ones are left to {@link #purge}. */
    List<String> keysToDelete() {
        return isSoft() || keys == null ? List.of() : keys;
    }

    /** What goes by epochs; empty when there are only keys to remove. Refuses what is not well-formed. */
    Optional<Purge> purge(String tenant) {
        List<PurgeScope> scopes = scopes();
        boolean whole = keys == null && scopes.isEmpty();
        if (whole) {
            scopes.add(PurgeScope.wholeNamespace());
        }
        return scopes.isEmpty() ? Optional.empty() : Optional.of(new Purge(tenant, namespace, scopes, isSoft()));
    }

    /** What the audit log says of it: the purge's number, whether it is soft, and how many names of each kind it told. */
    Map<String, String> details(String id) {
        Map<String, String> details = new HashMap<>(Map.of("purge", id, "soft", Boolean.toString(isSoft())));
        tell(details, "keys", keys);
        tell(details, "tags", tags);
        tell(details, "prefixes", prefixes);
        tell(details, "patterns", patterns);
        return details;
    }

    private static void tell(Map<String, String> details, String kind, @Nullable List<String> names) {
        if (names != null) {
            details.put(kind, Integer.toString(names.size()));
        }
    }

    private List<PurgeScope> scopes() {
        if (!KeyRules.isNamespace(namespace)) {
            throw ProblemException.ofField(ProblemType.INVALID_FIELD, "namespace", KeyRules.NAMESPACE_REMEDY);
        }
        List<PurgeScope> keyScopes = read("keys", keys, MAX_KEYS, KeyRules.MAX_KEY_BYTES, PurgeScope::key);
        List<PurgeScope> scopes = new ArrayList<>(isSoft() ? keyScopes : List.of());
        scopes.addAll(read("tags", tags, MAX_SCOPES, CacheValue.MAX_TAG_BYTES, PurgeScope::tag));
        scopes.addAll(read("prefixes", prefixes, MAX_SCOPES, KeyRules.MAX_KEY_BYTES, PurgeScope::prefix));
        scopes.addAll(read("patterns", patterns, MAX_SCOPES, KeyRules.MAX_KEY_BYTES, PurgeScope::pattern));
        return scopes;
    }

    /** A list that is there and empty is refused: it was meant to say something. */
    private static List<PurgeScope> read(
            String field,
            @Nullable List<String> names,
            int maxNames,
            int maxBytes,
            Function<String, PurgeScope> scope) {
        if (names == null) {
            return List.of();
        }
        if (names.isEmpty() || names.size() > maxNames) {
            throw invalid(field, "Send 1 to " + maxNames + " of them, or leave the field out.");
        }
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            boolean fits = !name.isEmpty() && name.getBytes(StandardCharsets.UTF_8).length <= maxBytes;
            if (!fits || name.codePoints().anyMatch(Character::isISOControl)) {
                throw invalid(
                        field + "[" + i + "]",
                        "Send 1 to " + maxBytes + " bytes in UTF-8, none of them a control character.");
            }
        }
        return names.stream().map(scope).toList();
    }

    private static ProblemException invalid(String field, String detail) {
        return ProblemException.ofField(ProblemType.INVALID_FIELD, field, detail);
    }
}
