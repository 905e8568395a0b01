package dev.sluice.standalone.key;

import dev.sluice.standalone.LaunchException;
import dev.sluice.standalone.key.DevelopmentKeys.DevelopmentKey;
import dev.sluice.standalone.state.Json;
import dev.sluice.standalone.state.StateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Makes the development tenants and keys through the admin API, once per state folder. */
public final class KeyProvisioner {

    private static final List<String> TIERS = List.of("free", "basic", "premium", "unlimited");
    private static final List<String> SCOPES = List.of(
            "events:write",
            "events:read",
            "webhooks:read",
            "webhooks:write",
            "cache:read",
            "cache:write",
            "metrics:read");

    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private KeyProvisioner() {}

    /** The keys of this folder; made now when there are none. */
    public static DevelopmentKeys provide(StateFolder folder, URI gateway, String adminKey) throws IOException {
        Optional<DevelopmentKeys> existing = DevelopmentKeys.find(folder);
        if (existing.isPresent()) {
            return existing.get();
        }
        AdminApi api = new AdminApi(gateway, adminKey);
        // Each waits for the log, so all wait together.
        List<CompletableFuture<DevelopmentKey>> made = TIERS.stream()
                .map(tier -> CompletableFuture.supplyAsync(() -> provide(api, tier), THREADS))
                .toList();
        List<DevelopmentKey> keys = new ArrayList<>();
        keys.add(new DevelopmentKey("admin", "sluice", "unlimited", adminKey));
        for (CompletableFuture<DevelopmentKey> key : made) {
            keys.add(result(key));
        }
        DevelopmentKeys created = new DevelopmentKeys(List.copyOf(keys));
        created.write(folder);
        return created;
    }

    /**
     * What was made in another thread, once it is there.
     *
     * @throws LaunchException when the gateway refused
     * @throws IOException when it did not answer
     */
    public static <T> T result(CompletableFuture<T> made) throws IOException {
        try {
            return made.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException unreached) {
                throw new IOException(unreached.getMessage(), unreached);
            }
            throw e.getCause() instanceof LaunchException refused ? refused : e;
        }
    }

    private static DevelopmentKey provide(AdminApi api, String tier) {
        try {
            return call(api, tier);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DevelopmentKey call(AdminApi api, String tier) throws IOException {
        String tenant = "dev-" + tier;
        api.call("PUT", "/api/v1/tenants/" + tenant, Map.of("name", "Development, " + tier, "tier", tier));
        String answer = api.call(
                "POST",
                "/api/v1/keys",
                Map.of("tenant", tenant, "name", "development", "environment", "test", "scopes", SCOPES));
        String key = Json.MAPPER.readTree(answer).path("key").asString("");
        if (key.isEmpty()) {
            throw new LaunchException("The gateway answered a new key for " + tenant + " without the key itself");
        }
        return new DevelopmentKey(tier, tenant, tier, key);
    }
}
