package dev.sluice.platform.test;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;

/**
 * Ends what all tests of a JVM share when the JVM ends. Spring Boot's applications are closed first: one that has lost
 * its broker waits for it until each of its own limits for that has passed.
 */
final class AtExit {

    private static final Logger log = LoggerFactory.getLogger(AtExit.class);

    private AtExit() {}

    static void close(String what, AutoCloseable resource) {
        Runnable close = () -> closeNow(what, resource);
        if (hasBoot()) {
            AfterApplications.run(close);
            return;
        }
        closeAtOnce(what, resource);
    }

    /** For what no application waits for when it is gone. Boot closes only in a JVM that has started an application. */
    static void closeAtOnce(String what, AutoCloseable resource) {
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

    private static boolean hasBoot() {
        try {
            Class.forName("org.springframework.boot.SpringApplication", false, AtExit.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Apart, so that no class of Spring Boot is loaded where there is none. */
    private static final class AfterApplications {

        static void run(Runnable close) {
            SpringApplication.getShutdownHandlers().add(close);
        }
    }
}
