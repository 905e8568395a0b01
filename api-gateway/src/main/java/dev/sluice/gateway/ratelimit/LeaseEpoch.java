package dev.sluice.gateway.ratelimit;

/**
 * One life of the shared counts. They begin a new one when they were started again, were taken over by another server or
 * lost all; what they have then may be less than what was charged.
 *
 * @param born when this life began, in microseconds of the shared clock; where several servers hold the counts, a number that changes
 *     with the life of any of them
 * @param age how long ago that was, or of several the latest of them, in microseconds
 * @param recounted how many gateways have told what they know since
 */
record LeaseEpoch(long born, long age, int recounted) {}
