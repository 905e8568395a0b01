package dev.sluice.platform.kafka;

/**
 * An entry of a {@link LogTable}.
 *
 * @param version offset of the record that made it; grows with every change of the key
 */
public record Versioned<V>(String key, V value, long version) {}
