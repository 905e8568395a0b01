package dev.sluice.gateway.ratelimit;

/**
 * One life of the shared counts. They begin a new one when they were started again, were taken over by another server or
 * lost all; what they have then may be less than what was charged.
 *
 * @param now the moment of the shared clock, in microseconds
 * @param born when this life began
 * @param recounted how many gateways have told what they know since
 */
record LeaseEpoch(long now, long born, int recounted) {}
