package dev.sluice.webhook.egress;

/** What came of one request, and how long its parts took. */
public record Probe(Answer answer, Timings timings) {}
