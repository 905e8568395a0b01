package dev.sluice.platform.test;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends what all tests of a JVM share when the JVM ends. */
final class AtExit {

    private static final Logger log = LoggerFactory.getLogger(AtExit.class);

    private AtExit() {}

    static void close(String what, AutoCloseable resource) {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("close " + what).unstarted(() -> closeNow(what, resource)));
    }

    private static void closeNow(String what, AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            log.warn("{} did not close: {}", what, e.toString());
        }
    }
}
