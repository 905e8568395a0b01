package dev.sluice.cache.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.CacheValue;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OriginTagsTest {

    @Test
    void eachHeaderHasItsOwnWayToSeparateThem() {
        assertThat(OriginTags.of(headers("Cache-Tag", "a b,\tc ,, a b")).orElseThrow())
                .containsExactly("a b", "c");
        assertThat(OriginTags.of(headers("Surrogate-Key", " a,b  c\ta,b")).orElseThrow())
                .containsExactly("a,b", "c");
        assertThat(OriginTags.of(headers("Cache-Tag", "a")
                                .add("Surrogate-Key", "b a")
                                .add("Cache-Tag", "c"))
                        .orElseThrow())
                .containsExactly("a", "c", "b");
    }

    @Test
    void withoutAnyThereAreNone() {
        assertThat(OriginTags.of(new DefaultHttpHeaders()))
                .hasValueSatisfying(tags -> assertThat(tags).isEmpty());
        assertThat(OriginTags.isIn(new DefaultHttpHeaders())).isFalse();
        assertThat(OriginTags.of(headers("Cache-Tag", " , ")))
                .hasValueSatisfying(tags -> assertThat(tags).isEmpty());
        assertThat(OriginTags.isIn(headers("surrogate-key", ""))).isTrue();
    }

    @Test
    void tooManyOrTooLongOrUnprintableAreNone() {
        String most =
                IntStream.range(0, CacheValue.MAX_TAGS).mapToObj(i -> "t" + i).collect(Collectors.joining(","));
        assertThat(OriginTags.of(headers("Cache-Tag", most))).isPresent();
        assertThat(OriginTags.of(headers("Cache-Tag", most + ",one-more"))).isEmpty();
        assertThat(OriginTags.of(headers("Cache-Tag", most + ",t1"))).isPresent();
        assertThat(OriginTags.of(headers("Cache-Tag", "x".repeat(CacheValue.MAX_TAG_BYTES))))
                .isPresent();
        assertThat(OriginTags.of(headers("Cache-Tag", "x".repeat(CacheValue.MAX_TAG_BYTES + 1))))
                .isEmpty();
        assertThat(OriginTags.of(headers("Surrogate-Key", "caf\u00e9"))).isEmpty();
    }

    private static HttpHeaders headers(String name, String value) {
        // As they may come, not as they should.
        return DefaultHttpHeadersFactory.headersFactory()
                .withValidation(false)
                .newHeaders()
                .add(name, value);
    }
}
