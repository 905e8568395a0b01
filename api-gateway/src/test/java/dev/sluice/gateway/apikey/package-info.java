/** Tries API keys: their text, what may be asked of a new one, and the first one. */
@NullMarked
package dev.sluice.gateway.apikey;

import org.jspecify.annotations.NullMarked;
