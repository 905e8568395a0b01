package dev.sluice.benchmarks.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A webhook and what came for it, by the number of the event. Checks every signature. Thread-safe. */
final class Hook {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "whsec_";
    private static final byte[] NUMBER = "\"n\":".getBytes(StandardCharsets.US_ASCII);

    private final String url;
    private final AtomicLongArray first;
    private final AtomicIntegerArray taken;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong forged = new AtomicLong();
    private volatile String id = "";
    private volatile SecretKeySpec secret = new SecretKeySpec(new byte[32], ALGORITHM);
    private volatile BooleanSupplier takes = () -> true;
    private volatile @Nullable Consumer<String> listener;
    private volatile boolean hangs;

    Hook(String url, int events) {
        this.url = url;
        first = new AtomicLongArray(events);
        taken = new AtomicIntegerArray(events);
    }

    String url() {
        return url;
    }

    String id() {
        return id;
    }

    void registered(String asId, String withSecret) {
        id = asId;
        secret = new SecretKeySpec(Base64.getDecoder().decode(withSecret.substring(PREFIX.length())), ALGORITHM);
    }

    /** Whether it takes what comes now; asked for each request. */
    void takesWhen(BooleanSupplier condition) {
        takes = condition;
    }

    /** Hears everything that it takes. */
    void onBody(Consumer<String> hears) {
        listener = hears;
    }

    void hang(boolean from) {
        hangs = from;
    }

    boolean hangs() {
        return hangs;
    }

    /** The status that a request is answered with. */
    int answer(String webhookId, String timestamp, String signature, byte[] body) {
        long now = System.nanoTime();
        calls.incrementAndGet();
        if (!signature.equals(sign(webhookId, timestamp, body))) {
            forged.incrementAndGet();
            return 400;
        }
        if (!takes.getAsBoolean()) {
            return 503;
        }
        Consumer<String> hears = listener;
        if (hears != null) {
            hears.accept(new String(body, StandardCharsets.UTF_8));
        }
        int event = number(body);
        if (event >= 0 && event < taken.length()) {
            first.compareAndSet(event, 0, now);
            taken.incrementAndGet(event);
        }
        return 204;
    }

    String sign(String webhookId, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            mac.update((webhookId + '.' + timestamp + '.').getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /** The number that its publisher gave the event; -1 for one of somebody else. */
    private static int number(byte[] body) {
        for (int i = 0; i + NUMBER.length < body.length; i++) {
            if (Arrays.equals(body, i, i + NUMBER.length, NUMBER, 0, NUMBER.length)) {
                int number = 0;
                for (int at = i + NUMBER.length; at < body.length && body[at] >= '0' && body[at] <= '9'; at++) {
                    number = 10 * number + body[at] - '0';
                }
                return number;
            }
        }
        return -1;
    }

    boolean has(int event) {
        return taken.get(event) > 0;
    }

    long firstAt(int event) {
        return first.get(event);
    }

    /** How many events between these two came. */
    int count(int from, int to) {
        return (int) IntStream.range(from, to).filter(this::has).count();
    }

    /** How many were taken once more than needed. */
    int repeated() {
        return IntStream.range(0, taken.length())
                .map(event -> Math.max(0, taken.get(event) - 1))
                .sum();
    }

    long calls() {
        return calls.get();
    }

    long forged() {
        return forged.get();
    }
}
