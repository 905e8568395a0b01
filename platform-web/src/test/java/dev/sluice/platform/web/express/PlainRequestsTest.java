package dev.sluice.platform.web.express;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainRequestsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a",
                "/a/b.c/~d_e-f",
                "/shop?x=1&y=a+b&z",
                "/shop?when=10:30,11:00&who=a@b.c&what=(it's)*!$",
                "/shop/../b",
                "/",
                "/?a=b",
                "/api/v1/events",
                "/keys/user:1@x,y"
            })
    void takesPlainTargets(String target) {
        assertThat(PlainRequests.isTarget(target)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//a",
                "*",
                "http://a/b",
                "",
                "/api%2Fv1/events",
                "/a%20b",
                "/a?b=%41",
                "/a;b",
                "/a?b=[1]",
                "/a?b={1}",
                "/a#b",
                "/a?b=\u00e4",
                "/a\\b"
            })
    void leavesAllElseToWebFlux(String target) {
        assertThat(PlainRequests.isTarget(target)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "a.example.org", "127.0.0.1:8080", "a-b:1"})
    void takesPlainHosts(String host) {
        assertThat(PlainRequests.isHost(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":80", "a:", "a:123456", "a:b", "[::1]:80", "a b", "user@a", "a_b", "a:1:2"})
    void leavesOtherHostsToWebFlux(String host) {
        assertThat(PlainRequests.isHost(host)).isFalse();
    }

    @Test
    void whatIsTakenIsAUriOfThatPath() {
        String characters = "ab0/.-_~%?#&=;+ []{}|:@!$'()*,\\\"<>^`\u00e4";
        Random random = new Random(7);
        int taken = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder target = new StringBuilder("/x");
            int length = random.nextInt(8);
            for (int j = 0; j < length; j++) {
                target.append(characters.charAt(random.nextInt(characters.length())));
            }
            if (PlainRequests.isTarget(target.toString())) {
                taken++;
                URI uri = URI.create("http://gateway" + target);
                int query = target.indexOf("?");
                assertThat(uri.getRawPath())
                        .isEqualTo(query < 0 ? target.toString() : target.substring(0, query))
                        .isEqualTo(uri.getPath());
            }
        }
        assertThat(taken).isPositive();
    }
}
