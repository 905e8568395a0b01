package dev.sluice.metrics.ladder;

/** A range of store keys; both ends belong to it. */
public record KeyRange(String from, String to) {}
