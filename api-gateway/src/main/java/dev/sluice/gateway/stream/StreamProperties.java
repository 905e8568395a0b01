package dev.sluice.gateway.stream;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How events are streamed to clients.
 *
 * @param heartbeat how long a stream may be silent before a sign of life is sent; at most 15s
 * @param retry how long clients are told to wait before they connect again
 * @param bufferEvents how many events may wait for one client before it is told of a gap
 * @param bufferSize how many bytes of events may wait for one client before it is told of a gap
 * @param maxBuffered how many bytes of events may wait for all clients of this gateway together
 * @param maxStreams how many streams this gateway has open at most
 * @param maxStreamsPerTenant how many streams of one tenant this gateway has open at most
 * @param maxStreamsPerKey how many streams of one API key this gateway has open at most
 * @param stallTimeout how long one write may take before a client that does not read is closed
 * @param openTimeout how long the log may take to say where a stream begins before the client is told to try again
 * @param allowedOrigins origins such as https://app.example.com whose pages may open WebSockets beside those of the
 *     gateway's own host
 * @param pastReaders how many threads read the past for clients that catch up
 */
@ConfigurationProperties("sluice.gateway.stream")
record StreamProperties(
        @DefaultValue("10s") Duration heartbeat,
        @DefaultValue("2s") Duration retry,
        @DefaultValue("1000") int bufferEvents,
        @DefaultValue("512KB") DataSize bufferSize,
        @DefaultValue("32MB") DataSize maxBuffered,
        @DefaultValue("2000") int maxStreams,
        @DefaultValue("200") int maxStreamsPerTenant,
        @DefaultValue("50") int maxStreamsPerKey,
        @DefaultValue("30s") Duration stallTimeout,
        @DefaultValue("5s") Duration openTimeout,
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue("2") int pastReaders) {

    private static final String PREFIX = "sluice.gateway.stream.";
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(15);
    /** Below this a stretch of the past has no room in its part of the buffer. */
    private static final int FEWEST_EVENTS = 4;

    StreamProperties {
        requirePositive("heartbeat", heartbeat);
        if (heartbeat.compareTo(LONGEST_SILENCE) > 0) {
            throw new IllegalArgumentException(PREFIX + "heartbeat must be at most 15s: " + heartbeat);
        }
        requirePositive("retry", retry);
        if (bufferEvents < FEWEST_EVENTS) {
            throw new IllegalArgumentException(
                    PREFIX + "buffer-events must be at least " + FEWEST_EVENTS + ": " + bufferEvents);
        }
        if (bufferSize.toBytes() < 1) {
            throw new IllegalArgumentException(PREFIX + "buffer-size must be positive: " + bufferSize);
        }
        if (maxBuffered.compareTo(bufferSize) < 0) {
            throw new IllegalArgumentException(PREFIX + "max-buffered must be at least buffer-size: " + maxBuffered);
        }
        requirePositive("max-streams", maxStreams);
        requirePositive("max-streams-per-tenant", maxStreamsPerTenant);
        requirePositive("max-streams-per-key", maxStreamsPerKey);
        requirePositive("stall-timeout", stallTimeout);
        requirePositive("open-timeout", openTimeout);
        allowedOrigins = List.copyOf(allowedOrigins);
        requirePositive("past-readers", pastReaders);
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(PREFIX + name + " must be positive: " + value);
        }
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(PREFIX + name + " must be at least 1: " + value);
        }
    }
}
