package dev.sluice.gateway.apikey;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for several new keys.
 *
 * @param items 1 to 100; each is made or refused by itself
 */
record CreateApiKeys(List<@Nullable CreateApiKey> items) {}
