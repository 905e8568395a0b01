package dev.sluice.gateway.ingest;

import java.time.Duration;

/**
 * What every batch goes through.
 *
 * @param intake of events that go on by themselves
 * @param ackTimeout how long the log may take
 */
record BatchSteps(Claims claims, EventWriter writer, EventIntake intake, IngestMeters meters, Duration ackTimeout) {}
