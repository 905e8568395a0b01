package dev.sluice.webhook.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.DomainEvent;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** The id that receivers drop repetitions by. */
class DeliveryIdTest {

    @Test
    void neverChangesFromOneReleaseToTheNext() {
        DomainEvent event = Events.of("acme", "evt-1", "order.created", "{}");

        assertThat(DeliveryId.of(event, "ep_1")).isEqualTo("msg_4kUaRdTY2nOUXH7MLshS7vFz1H0");
    }

    @RepeatedTest(20)
    void isTheWholeNumberInBase62(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        byte[] hash = new byte[32];
        random.nextBytes(hash);
        // Numbers with zeros in front, and those at the ends.
        Arrays.fill(hash, 0, random.nextInt(21), random.nextBoolean() ? 0 : (byte) 0xff);

        assertThat(DeliveryId.base62(hash)).isEqualTo(naiveBase62(new BigInteger(1, Arrays.copyOf(hash, 20))));
    }

    private static String naiveBase62(BigInteger number) {
        StringBuilder digits = new StringBuilder();
        for (BigInteger rest = number; digits.length() < 27; rest = rest.divide(BigInteger.valueOf(62))) {
            int digit = rest.mod(BigInteger.valueOf(62)).intValue();
            digits.append((char) (digit < 10 ? '0' + digit : digit < 36 ? 'A' + digit - 10 : 'a' + digit - 36));
        }
        return digits.reverse().toString();
    }

    @Test
    void doesNotDependOnWhatMayDifferWhenAnEventIsPublishedAgain() {
        DomainEvent first = Events.of("acme", "evt-1", "order.created", "{}");
        DomainEvent again = Events.of("acme", "evt-1", "order.changed", "{\"a\":1}");
        again.setTime(Events.TIME.plusSeconds(1));

        assertThat(DeliveryId.of(again, "ep_1")).isEqualTo(DeliveryId.of(first, "ep_1"));
    }

    @Test
    void tellsTenantsSourcesEventsAndEndpointsApart() {
        Set<String> ids = new HashSet<>();
        List<String> parts = List.of("a", "b", "ab", "", "a:", "1:a");
        for (String tenant : parts) {
            for (String source : parts) {
                for (String id : parts) {
                    for (String endpoint : parts) {
                        DomainEvent event = Events.of(tenant, id, "t", "{}");
                        event.setSource(source);
                        ids.add(DeliveryId.of(event, endpoint));
                    }
                }
            }
        }
        assertThat(ids).hasSize(6 * 6 * 6 * 6);
    }

    @RepeatedTest(20)
    void fitsAHeaderAndTheSignedContent(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String hostile = random.ints(random.nextInt(50), 0, 0x2fff)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            ids.add(DeliveryId.of(Events.of(hostile, hostile, "t", "{}"), "ep_1"));
        }
        assertThat(ids).allMatch(id -> id.matches("msg_[0-9A-Za-z]{27}"));
    }
}
