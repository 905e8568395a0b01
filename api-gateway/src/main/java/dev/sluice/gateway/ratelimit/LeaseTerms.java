package dev.sluice.gateway.ratelimit;

/**
 * How leases are taken and kept. All times are microseconds.
 *
 * @param life how long a lease may be spent after it was asked for; then Redis takes it as spent
 * @param horizon for how long one lease lasts at the present demand
 * @param idle after which time without use a lease is given back
 * @param recheck for how long a limit counts as reached while others hold leases that they may give back;
 *     a rate, which is always refilled, for as long
 * @param settledRecheck the same when nobody else holds any; a reset before it counts
 */
record LeaseTerms(long life, long horizon, long idle, long recheck, long settledRecheck) {

    static final LeaseTerms DEFAULT = new LeaseTerms(2_000_000, 20_000, 20_000, 25_000, 1_000_000);
}
