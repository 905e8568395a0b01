package dev.sluice.platform.local;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Runs another main class and ends the JVM when standard input closes. The parent holds the other end of that pipe, so
 * a child outlives its parent by its own shut-down time at most, even when the parent is killed.
 */
public final class Leash {

    /** Longer than a graceful shutdown of 20 s; after it nothing is waited for. */
    private static final int LAST_RESORT_SECONDS = 25;

    private Leash() {}

    /** The first argument is the class whose {@code main} gets the others. */
    public static void main(String[] arguments) throws Throwable {
        if (arguments.length == 0) {
            throw new IllegalArgumentException("the first argument must be the main class to run");
        }
        Thread.ofPlatform().daemon().name("leash").start(Leash::endWithParent);
        Method main = Class.forName(arguments[0]).getDeclaredMethod("main", String[].class);
        main.setAccessible(true);
        try {
            main.invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static void endWithParent() {
        waitForEnd(System.in);
        CompletableFuture.delayedExecutor(LAST_RESORT_SECONDS, TimeUnit.SECONDS)
                .execute(() -> Runtime.getRuntime().halt(1));
        Runtime.getRuntime().exit(0);
    }

    private static void waitForEnd(InputStream input) {
        byte[] ignored = new byte[64];
        try {
            while (input.read(ignored) >= 0) {
                // The parent never writes; whatever comes is not for us.
            }
        } catch (IOException e) {
            // A broken pipe is an end as well.
        }
    }
}
