/** API keys: their format, the table that knows them by hash, and the API that makes, changes, rolls and revokes them. */
@NullMarked
package dev.sluice.gateway.apikey;

import org.jspecify.annotations.NullMarked;
