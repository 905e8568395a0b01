package dev.sluice.metrics.ladder;

import dev.sluice.metrics.encoding.CompactReader;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How tallies of a kind are made.
 *
 * @param empty one that has counted nothing
 * @param decode reads what {@link Tally#encode} wrote; refuses anything else
 */
public record TallyKind<T extends Tally<T>>(Supplier<T> empty, Function<CompactReader, T> decode) {}
