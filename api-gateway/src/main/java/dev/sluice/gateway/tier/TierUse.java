package dev.sluice.gateway.tier;

/** Port: who has which tier. */
@FunctionalInterface
public interface TierUse {

    /** Whether anybody has it; refuses to say while that is not known. */
    boolean isUsed(String tier);
}
