package dev.sluice.gateway.responsecache;

import dev.sluice.cache.engine.CacheKey;

/** The other gateways, as far as removals are concerned. Nothing blocks, nothing fails. */
interface Peers {

    /** Of a gateway that knows of no others. */
    Peers NONE = new Peers() {
        @Override
        public void listen(Listener listener) {}

        @Override
        public void announce(CacheKey key, long version) {}

        @Override
        public boolean areHeard() {
            return true;
        }
    };

    /** Told on one thread; of the same removal perhaps more than once, and in any order. */
    interface Listener {

        /** Another gateway has removed what is kept under a key. */
        void removed(CacheKey key);

        /** Nobody knows what was removed up to now. */
        void missedSome();
    }

    /** From now on; called once. */
    void listen(Listener listener);

    /**
     * Has all others drop their copies of what was removed.
     *
     * @param version that the removal has in Redis; {@link Long#MAX_VALUE} when it has none
     */
    void announce(CacheKey key, long version);

    /** Whether all was heard that others have removed, but for the newest. */
    boolean areHeard();
}
