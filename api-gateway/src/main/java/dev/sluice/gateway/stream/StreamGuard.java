package dev.sluice.gateway.stream;

import dev.sluice.gateway.apikey.ApiKeyTable;
import dev.sluice.gateway.apikey.KeyVerdict;
import dev.sluice.gateway.apikey.Scopes;
import dev.sluice.gateway.tenant.TenantTable;
import dev.sluice.platform.web.Identity;
import dev.sluice.record.TenantStatus;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Closes the streams of whoever may not have them any more: as soon as a key or tenant changes, and a moment after a key
 * has expired. Thread-safe.
 */
final class StreamGuard implements AutoCloseable {

    private static final long PAUSE_MILLIS = 250;

    private final OpenStreams streams;
    private final ApiKeyTable keys;
    private final TenantTable tenants;
    private final InstantSource clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("stream-guard").factory());

    StreamGuard(OpenStreams streams, ApiKeyTable keys, TenantTable tenants, InstantSource clock) {
        this.streams = streams;
        this.keys = keys;
        this.tenants = tenants;
        this.clock = clock;
    }

    void start() {
        keys.onChange(id -> streams.closeIf(owner -> owner.keyId().equals(id) ? findReason(owner) : Optional.empty()));
        tenants.onChange(
                id -> streams.closeIf(owner -> owner.tenant().equals(id) ? findReason(owner) : Optional.empty()));
        ScheduledFuture<?> ignored = thread.scheduleWithFixedDelay(
                () -> streams.closeIf(this::findReason), PAUSE_MILLIS, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Why a stream must end; empty when it may go on. */
    private Optional<CloseReason> findReason(Identity owner) {
        Optional<KeyVerdict.Accepted> key = keys.standingOf(owner.keyId(), clock.instant());
        if (key.isEmpty() || !key.get().tenant().equals(owner.tenant())) {
            return Optional.of(CloseReason.KEY_INVALID);
        }
        if (!key.get().scopes().contains(Scopes.EVENTS_READ)
                && !key.get().scopes().contains(Scopes.ADMIN)) {
            return Optional.of(CloseReason.SCOPE_REMOVED);
        }
        return tenants.find(owner.tenant())
                .filter(tenant -> tenant.getStatus() == TenantStatus.SUSPENDED)
                .map(tenant -> CloseReason.TENANT_SUSPENDED);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
