package dev.sluice.starter.key;

/** Makes text of the keys that Spring's key generators and expressions give. Define a bean of it to have other text. */
@FunctionalInterface
public interface CacheKeyText {

    /**
     * The same text for equal keys, on every node and after every restart, and different text for different ones; 1 to 512
     * bytes in UTF-8. Fails with {@link IllegalArgumentException} for a key of which no such text can be made.
     */
    String textOf(Object key);
}
