package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.StaleReads;
import dev.sluice.cache.namespace.NamespaceRules;
import dev.sluice.platform.test.Randomness;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.time.Duration;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

class HostileHeadersPropertyTest {
    private static final int ROUNDS = 50_000;
    private static final String[] PIECES = {
        "max-age",
        "=",
        "\"",
        "W/",
        "*",
        ",",
        ";",
        " ",
        "\t",
        "0",
        "1",
        "60",
        "2592000",
        "99999999999999999999",
        "-",
        "+",
        "a/b",
        "text",
        "/",
        "charset",
        "utf-8",
        "\\",
        "\u0000",
        "\r\n",
        "é",
        "\uD83D\uDE00",
        "\uD800",
        "(",
        "stale-if-error=5",
        "stale-while-revalidate=",
        "max-idle=",
        "private",
        "\"1\"",
    };

    private final Random random = Randomness.seeded();

    @Test
    void anyLifetimeIsEitherWithinBoundsOrRefused() {
        check("Cache-Control", headers -> {
            assertThat(headers.lifetime(NamespaceRules.USUAL).fresh())
                    .isBetween(Duration.ofSeconds(1), Duration.ofDays(30));
            assertThat(headers.lifetime(NamespaceRules.USUAL).whole())
                    .isBetween(Duration.ofSeconds(1), Duration.ofDays(30));
        });
    }

    @Test
    void anyContentTypeIsEitherReadableOrRefused() {
        check("Content-Type", headers -> {
            MediaType type = MediaType.parseMediaType(headers.contentType());
            assertThat(type.isConcrete()).isTrue();
        });
    }

    @Test
    void anyConditionIsEitherUnderstoodOrRefused() {
        check("If-Match", headers -> {
            assertThat(headers.putCondition()).isEqualTo(headers.deleteCondition());
        });
        check("If-None-Match", headers -> assertThat(headers.hasAlready(1)).isIn(true, false));
    }

    @Test
    void longValuesTakeNoLongTime() {
        for (String piece : PIECES) {
            HttpHeaders sent = new HttpHeaders();
            String value = piece.repeat(8_000 / piece.length());
            for (String name : new String[] {
                "Cache-Control", "Content-Type", "If-Match", "If-None-Match", "Cache-Lease", "Cache-Min-Version"
            }) {
                sent.set(name, value);
            }
            RequestHeaders headers = new RequestHeaders(sent);
            orRefused("Cache-Control", value, () -> headers.lifetime(NamespaceRules.USUAL));
            orRefused("Content-Type", value, headers::contentType);
            orRefused("If-Match", value, () -> headers.accepts(1));
            orRefused("Cache-Lease", value, headers::leaseToken);
            orRefused("Cache-Min-Version", value, headers::minVersion);
            StaleReads _ = headers.staleReads();
            orRefused("If-None-Match", value, () -> headers.hasAlready(1));
        }
    }

    private void check(String name, Consumer<RequestHeaders> property) {
        for (int round = 0; round < ROUNDS; round++) {
            String value = IntStream.range(0, random.nextInt(8))
                    .mapToObj(i -> PIECES[random.nextInt(PIECES.length)])
                    .collect(Collectors.joining());
            HttpHeaders sent = new HttpHeaders();
            sent.set(name, value);
            orRefused(name, value, () -> property.accept(new RequestHeaders(sent)));
        }
    }

    private static void orRefused(String name, String value, Runnable reading) {
        try {
            reading.run();
        } catch (ProblemException e) {
            assertThat(e.type()).as(value).isEqualTo(ProblemType.INVALID_HEADER);
            assertThat(e.field()).as(value).isEqualTo(name);
        }
    }
}
