package dev.sluice.standalone.demo;

/**
 * One thing the demo looked at.
 *
 * @param figure what was seen, read from the running platform
 */
record Check(String name, boolean passed, String figure) {

    static Check equal(String name, long expected, long seen) {
        return new Check(name, expected == seen, seen + " of " + expected);
    }

    static Check that(String name, boolean passed, String figure) {
        return new Check(name, passed, figure);
    }
}
