package dev.sluice.gateway.apikey;

import dev.sluice.gateway.table.TableWrites;
import dev.sluice.gateway.tenant.TenantTable;
import dev.sluice.record.ApiKey;
import dev.sluice.record.ApiKeyStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;

/**
 * Makes the key from the environment an admin key, once: a key that is known already, revoked ones included, stays as it
 * is. Waits for the log as long as it takes; until then no key is answered as unknown.
 */
final class BootstrapAdmin implements InitializingBean, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(BootstrapAdmin.class);
    private static final String TENANT = "sluice";
    private static final String TIER = "unlimited";
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Optional<ApiKeyText> text;
    private final ApiKeyTable keys;
    private final TenantTable tenants;
    private final InstantSource clock;
    private volatile boolean closed;

    BootstrapAdmin(ApiKeyProperties properties, ApiKeyTable keys, TenantTable tenants, InstantSource clock) {
        this.text = ApiKeyText.parse(properties.bootstrapAdmin());
        this.keys = keys;
        this.tenants = tenants;
        this.clock = clock;
    }

    @Override
    public void afterPropertiesSet() {
        if (text.isEmpty()) {
            keys.markSeeded();
            return;
        }
        seed(text.get());
    }

    private void seed(ApiKeyText key) {
        if (closed) {
            return;
        }
        CompletableFuture<Void> _ = CompletableFuture.allOf(keys.whenLoaded(), tenants.whenReady())
                .thenCompose(loaded -> tenants.createIfAbsent(TENANT, "Sluice", TIER))
                .thenCompose(created -> createIfAbsent(key))
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        keys.markSeeded();
                        return;
                    }
                    LOG.warn("the first admin key could not be written and is tried again", failure);
                    pause().execute(() -> seed(key));
                });
    }

    private CompletableFuture<Void> createIfAbsent(ApiKeyText key) {
        if (keys.findVersioned(key.id()).isPresent()) {
            return CompletableFuture.completedFuture(null);
        }
        ApiKey admin = ApiKey.newBuilder()
                .setId(key.id())
                .setTenant(TENANT)
                .setEnvironment(key.environment())
                .setName("bootstrap admin")
                .setHash(ByteBuffer.wrap(key.hash()))
                .setScopes(List.of(Scopes.ADMIN))
                .setStatus(ApiKeyStatus.ACTIVE)
                .setCreatedAt(clock.instant())
                .build();
        LOG.info("making the admin key {} of tenant {}", key.id(), TENANT);
        return TableWrites.orAlreadyThere(keys.create(admin));
    }

    private static Executor pause() {
        return CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void destroy() {
        closed = true;
    }
}
