package dev.sluice.gateway.apikey;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to revoke several keys, as after a leak.
 *
 * @param ids 1 to 100, each once; each is revoked by itself
 */
record RevokeApiKeys(List<@Nullable String> ids) {}
