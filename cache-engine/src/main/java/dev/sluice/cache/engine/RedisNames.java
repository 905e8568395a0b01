package dev.sluice.cache.engine;

import io.lettuce.core.cluster.SlotHash;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What entries, and the notes of their changes, are called in Redis. A script reaches the keys of one slot of a Redis
 * Cluster, and a note is written in one step with its change: so there the slots are shared out among 128 sets of notes, and
 * an entry lies in the slot of its set. Entries spread over the masters as they would by themselves, and whoever looks
 * for notes has 128 places to look at and not 16,384.
 */
final class RedisNames {

    /** What the name of every entry begins with, and of nothing else. */
    static final String ENTRIES = "c:{";

    /** What the name of every ledger begins with. */
    private static final String LEDGERS = "q:";

    /** A power of two: seven bits of a hash say which one. Each lies in another part of the slots, so that masters get as many. */
    static final int SETS = 128;

    private static final int SLOTS_OF_A_SET = SlotHash.SLOT_COUNT / SETS;

    /** Of each set the smallest number whose own slot is one of the set's. */
    private static final List<String> TAGS =
            IntStream.range(0, SETS).mapToObj(RedisNames::tagOf).toList();

    private static final Pattern TAG = Pattern.compile("c:\\{[0-9]+}");

    private final boolean clustered;

    RedisNames(boolean clustered) {
        this.clustered = clustered;
    }

    private static String tagOf(int set) {
        return IntStream.iterate(0, number -> number + 1)
                .mapToObj(Integer::toString)
                .filter(number -> SlotHash.getSlot(number) / SLOTS_OF_A_SET == set)
                .findFirst()
                .orElseThrow();
    }

    boolean clustered() {
        return clustered;
    }

    ByteBuffer entry(CacheKey key) {
        return clustered
                ? RedisArguments.text(ENTRIES + tag(key) + '}' + plain(key))
                : RedisArguments.text(ENTRIES + plain(key) + '}');
    }

    /** Where the changes of the key are noted. */
    ByteBuffer intents(CacheKey key) {
        return RedisArguments.text(clustered ? WriteIntents.KEY + ":{" + tag(key) + '}' : WriteIntents.KEY);
    }

    /** Where changes are noted. */
    Stream<ByteBuffer> intents() {
        return clustered
                ? TAGS.stream().map(tag -> RedisArguments.text(WriteIntents.KEY + ":{" + tag + '}'))
                : Stream.of(RedisArguments.text(WriteIntents.KEY));
    }

    /**
     * A ledger of a tenant, in one Redis the only one, in a cluster one of each set: it lies where its entries lie.
     *
     * @param name what it is called
     * @param prefix what the names of its entries begin with, before namespace and key
     * @param suffix what they end with
     */
    record Ledger(ByteBuffer name, ByteBuffer prefix, ByteBuffer suffix) {}

    /** The one that has the entry of the key. */
    Ledger ledger(CacheKey key) {
        return clustered ? ledger(tag(key), key.tenant()) : ledger(key.tenant());
    }

    /** All of a tenant. */
    List<Ledger> ledgers(String tenant) {
        return clustered ? TAGS.stream().map(tag -> ledger(tag, tenant)).toList() : List.of(ledger(tenant));
    }

    /** Which of {@link #ledgers} has the entry of the key. */
    int ledgerOf(CacheKey key) {
        return clustered ? set(key) : 0;
    }

    private static Ledger ledger(String tenant) {
        return new Ledger(
                RedisArguments.text(LEDGERS + tenant),
                RedisArguments.text(ENTRIES + tenant + ':'),
                RedisArguments.text("}"));
    }

    private static Ledger ledger(String tag, String tenant) {
        return new Ledger(
                RedisArguments.text(LEDGERS + '{' + tag + '}' + tenant),
                RedisArguments.text(ENTRIES + tag + '}' + tenant + ':'),
                RedisArguments.text(""));
    }

    /** What an entry is called within its tenant. */
    static String withinTenant(CacheKey key) {
        return key.namespace() + ':' + key.key();
    }

    /** Tenant and namespace hold no colon, so that no two keys share a name. */
    static String plain(CacheKey key) {
        return key.tenant() + ':' + key.namespace() + ':' + key.key();
    }

    private static String tag(CacheKey key) {
        return TAGS.get(set(key));
    }

    private static int set(CacheKey key) {
        return (plain(key).hashCode() * 0x9E3779B9) >>> 25;
    }

    /** Empty for a name that is none of an entry. */
    Optional<CacheKey> entryOf(String name) {
        String plain = clustered ? afterTag(name) : withinBraces(name);
        String[] parts = plain.split(":", 3);
        try {
            return parts.length < 3 ? Optional.empty() : Optional.of(new CacheKey(parts[0], parts[1], parts[2]));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String afterTag(String name) {
        return TAG.matcher(name).lookingAt() ? name.substring(name.indexOf('}') + 1) : "";
    }

    private static String withinBraces(String name) {
        return name.startsWith(ENTRIES) && name.endsWith("}")
                ? name.substring(ENTRIES.length(), name.length() - 1)
                : "";
    }
}
