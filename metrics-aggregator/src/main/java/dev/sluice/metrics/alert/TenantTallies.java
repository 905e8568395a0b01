package dev.sluice.metrics.alert;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.ladder.TallyKind;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was counted over many windows, merged by tenant. Not thread-safe.
 *
 * <p>Encoding, version 1: version, number of tenants, of each its id and tally.
 */
final class TenantTallies<T extends Tally<T>> {
    private static final int VERSION = 1;

    private final TallyKind<T> kind;
    private final SortedMap<String, T> byTenant = new TreeMap<>();

    TenantTallies(TallyKind<T> kind) {
        this.kind = kind;
    }

    void add(String tenant, T tally) {
        byTenant.computeIfAbsent(tenant, absent -> kind.empty().get()).merge(tally);
    }

    /** Adds what other partitions have counted; the other one stays as it is. */
    TenantTallies<T> plus(TenantTallies<T> other) {
        other.byTenant.forEach(this::add);
        return this;
    }

    SortedMap<String, T> byTenant() {
        return Collections.unmodifiableSortedMap(byTenant);
    }

    byte[] encode() {
        CompactWriter out = new CompactWriter();
        out.writeByte(VERSION).writeCount(byTenant.size());
        byTenant.forEach((tenant, tally) -> {
            out.writeText(tenant);
            tally.encode(out);
        });
        return out.toByteArray();
    }

    /** Reads what was encoded; refuses anything else. */
    static <T extends Tally<T>> TenantTallies<T> decode(TallyKind<T> kind, byte[] bytes) {
        CompactReader in = new CompactReader(bytes);
        in.expectVersion(VERSION);
        TenantTallies<T> tallies = new TenantTallies<>(kind);
        for (long tenants = in.readCount(); tenants > 0; tenants--) {
            tallies.add(in.readText(), kind.decode().apply(in));
        }
        in.expectEnd();
        return tallies;
    }
}
