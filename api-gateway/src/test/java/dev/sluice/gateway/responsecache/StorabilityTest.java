package dev.sluice.gateway.responsecache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.responsecache.Storability.Asker;
import dev.sluice.gateway.route.CachePolicy;
import dev.sluice.gateway.route.CachePolicy.SetCookie;
import dev.sluice.gateway.route.CachePolicy.Share;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9111, section 3. */
class StorabilityTest {

    private static CachePolicy policy(Share share, SetCookie cookies) {
        return new CachePolicy(share, cookies, Duration.ZERO, Duration.ofHours(1), Duration.ZERO, Duration.ZERO, 1000);
    }

    private static boolean allows(int status, String control, Asker asker, Share share) {
        return Storability.allows(
                status, Fields.NONE.with("Cache-Control", control), asker, policy(share, SetCookie.PASS));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200|max-age=60|true",
                "599|max-age=60|true",
                "206|max-age=60|false",
                "304|max-age=60|false",
                "101|max-age=60|false",
                "200|no-store|false",
                "200|No-StOrE, max-age=60|false",
                "200|no-store, must-understand|true",
                "599|no-store, must-understand|false",
                "599|must-understand|false",
                "200|private|false",
                "200|private=\"x-a\"|true",
                "200|no-cache|true",
            })
    void keepsWhatAnOriginAllows(int status, String control, boolean kept) {
        assertThat(allows(status, control, Asker.ANYBODY, Share.ALL)).isEqualTo(kept);
    }

    @ParameterizedTest
    @CsvSource({"max-age=60,false", "public,true", "s-maxage=60,true", "must-revalidate,true", "private,false"})
    void keepsWhatWasSaidToSomebodyOnlyWhenItIsForAll(String control, boolean kept) {
        assertThat(allows(200, control, Asker.SOMEBODY, Share.TENANT)).isEqualTo(kept);
    }

    @Test
    void keepsWhatIsPrivateForTheOneKeyThatGotIt() {
        assertThat(allows(200, "private", Asker.ANYBODY, Share.KEY)).isTrue();
        assertThat(allows(200, "private", Asker.SOMEBODY, Share.KEY)).isFalse();
        assertThat(allows(200, "private", Asker.ANYBODY, Share.TENANT)).isFalse();
    }

    @Test
    void keepsNothingThatNoRequestCanBeKnownToMatch() {
        for (String vary : new String[] {"*", "Foo, *", ", *", "*, *"}) {
            assertThat(Storability.allows(
                            200, Fields.NONE.with("Vary", vary), Asker.ANYBODY, policy(Share.ALL, SetCookie.PASS)))
                    .as(vary)
                    .isFalse();
        }
    }

    @Test
    void dropsWhatBelongsToOneHopOrOneReader() {
        Fields answer = Fields.NONE
                .with("Connection", "X-Hop, content-type")
                .with("X-Hop", "1")
                .with("Keep-Alive", "1")
                .with("Proxy-Authentication-Info", "1")
                .with("Cache-Control", "no-cache=\"x-a\", private=\"x-b\"")
                .with("X-A", "1")
                .with("X-B", "1")
                .with("Content-Type", "text/plain")
                .with("Set-Cookie", "a=b");
        assertThat(Storability.kept(answer, policy(Share.ALL, SetCookie.KEEP)).entries())
                .extracting(entry -> entry.getKey())
                .containsExactly("Cache-Control", "Content-Type", "Set-Cookie");
        assertThat(Storability.kept(answer, policy(Share.KEY, SetCookie.STRIP)).entries())
                .extracting(entry -> entry.getKey())
                .containsExactly("Cache-Control", "X-B", "Content-Type");
    }
}
