package dev.sluice.gateway.apikey;

/** Hears of keys that are in use. Called within a request: must be quick. */
@FunctionalInterface
interface KeyUseListener {

    /** A key was accepted for the first time in a minute, counted since 1970. */
    void firstUse(String id, long minute);
}
