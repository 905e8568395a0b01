package dev.sluice.cache.engine;

/**
 * A purge as every node must know it: entries under the scope that were begun before the number are gone or, when it is
 * soft, stale. Numbers and versions come from the same clock, that of the second level.
 */
public record Epoch(String tenant, String namespace, PurgeScope scope, boolean soft, long number) {

    public Epoch {
        if (number <= 0) {
            throw new IllegalArgumentException("number must be positive");
        }
    }

    /** Names it among those of its tenant; a namespace holds no colon. */
    String field() {
        return field(soft, scope, namespace);
    }

    static String field(boolean soft, PurgeScope scope, String namespace) {
        return (soft ? "s" : "h") + scope.kind().letter() + namespace + ':' + scope.name();
    }

    /** What {@link #field} names; fails with {@link IllegalArgumentException} for what it never was. */
    static Epoch parse(String tenant, String field, long number) {
        int colon = field.indexOf(':');
        if (colon < 3 || (field.charAt(0) != 's' && field.charAt(0) != 'h')) {
            throw new IllegalArgumentException("no epoch has the name " + field);
        }
        PurgeScope scope = new PurgeScope(PurgeScope.Kind.of(field.charAt(1)), field.substring(colon + 1));
        return new Epoch(tenant, field.substring(2, colon), scope, field.charAt(0) == 's', number);
    }
}
