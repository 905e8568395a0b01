package dev.sluice.sample.catalog;

/**
 * A product as the origin gave it.
 *
 * @param answer which answer of which instance's origin this is
 */
public record Product(long id, String name, String answer) {}
