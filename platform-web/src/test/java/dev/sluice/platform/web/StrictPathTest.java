package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictPathTest {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a", "/a/b:c", "/api/v1/x-y_z~1", "/a%20b", "/%C3%A4", "/a..b", "/...", "/a%2Eb"})
    void letsPassWhatMeansOneThing(String path) {
        assertThat(StrictPath.findFault(path)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "/a/",
                "//",
                "/a//b",
                "/./a",
                "/a/../b",
                "/%2e%2e/a",
                "/.%2E",
                "/a%2fb",
                "/a%2Fb",
                "/a%5cb",
                "/a\\b",
                "/a%00b",
                "/a%0d%0ab",
                "/a%7fb",
                "/a;b=c",
                "/%",
                "/%z1",
                "/%1",
                "/%ff%fe",
                "/%C0%AF",
                "/%ED%A0%80"
            })
    void refusesWhatMeansTwoThings(String path) {
        assertThat(StrictPath.findFault(path)).isPresent();
    }

    @Test
    void letsEveryEncodedTextPassThatHasNoSeparator() {
        Random random = new Random(42);
        for (int i = 0; i < 2_000; i++) {
            String text = random.ints(1 + random.nextInt(20), ' ' + 1, 0xD7FF)
                    .filter(c -> c != '/' && c != '\\' && !Character.isISOControl(c))
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            if (!text.isEmpty() && !text.equals(".") && !text.equals("..")) {
                String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
                assertThat(StrictPath.findFault("/" + encoded)).as(text).isEmpty();
            }
        }
    }
}
