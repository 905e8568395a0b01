package dev.sluice.platform.telemetry;

import dev.sluice.platform.web.SecretMask;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong.
 *
 * @param type what kind of error: the name of its class, or of the logger that told of it
 * @param message without secrets
 * @param place where it came from: what is the same whenever it comes again
 * @param tenant whose request it was; null when it was nobody's or is not known
 */
record Failure(
        String type,
        String message,
        String place,
        @Nullable String tenant,
        @Nullable String requestId,
        @Nullable String traceId) {

    static final int MAX_MESSAGE_LENGTH = 500;

    private static final int FINGERPRINT_BYTES = 8;
    private static final String OURS = "dev.sluice.";

    Failure {
        message = cut(SecretMask.mask(message));
    }

    /** Equal for errors of one kind from one place; says nothing else. 16 hex digits. */
    String fingerprint(String service) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((service + "\n" + type + "\n" + place).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The class and method of ours that is nearest to the error, without a line, which every build moves; else the nearest. */
    static String placeOf(Throwable error) {
        StackTraceElement[] trace = error.getStackTrace();
        return Arrays.stream(trace)
                .filter(frame -> frame.getClassName().startsWith(OURS))
                .findFirst()
                .or(() -> Arrays.stream(trace).findFirst())
                .map(frame -> frame.getClassName() + "." + frame.getMethodName())
                .orElse("");
    }

    static String messageOf(Throwable error) {
        String message = error.getMessage();
        return message == null ? "" : message;
    }

    private static String cut(String text) {
        if (text.length() <= MAX_MESSAGE_LENGTH) {
            return text;
        }
        // Not between the halves of a character.
        int end = Character.isHighSurrogate(text.charAt(MAX_MESSAGE_LENGTH - 1))
                ? MAX_MESSAGE_LENGTH - 1
                : MAX_MESSAGE_LENGTH;
        return text.substring(0, end);
    }
}
