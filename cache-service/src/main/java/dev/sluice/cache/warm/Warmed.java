package dev.sluice.cache.warm;

/** What became of a key. */
sealed interface Warmed {

    /** Its value was taken in. */
    record Done() implements Warmed {}

    /** There was nothing to do: the value is there already, or there is none. */
    record Skipped() implements Warmed {}

    /** It could not be taken in. */
    record Failed(String code, String detail) implements Warmed {}
}
