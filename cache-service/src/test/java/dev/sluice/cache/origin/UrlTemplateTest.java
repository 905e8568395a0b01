package dev.sluice.cache.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.RefusedUrlException;
import dev.sluice.platform.web.egress.UrlRules;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlTemplateTest {

    private final UrlRules rules = new UrlRules(EgressPolicy.strict(), Set.of(443), Set.of());

    @ParameterizedTest
    @CsvSource({
        "https://API.example.com/base/{key}, https://api.example.com/base/{key}",
        "https://api.example.com:443/{key}.json, https://api.example.com/{key}.json",
        "https://api.example.com/items?id={key}&full=1, https://api.example.com/items?id={key}&full=1",
    })
    void isStoredInItsNormalForm(String template, String normal) {
        assertThat(UrlTemplate.normalise(template, rules)).isEqualTo(normal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.example.com/",
                "https://{key}.example.com/",
                "https://api.example.com/{key}/{key}",
                "https://{key}/",
                "https://api.example.com:{key}/",
                "http://api.example.com/{key}",
                "https://127.0.0.1/{key}",
                "https://169.254.169.254/{key}",
                "https://[::ffff:10.0.0.1]/{key}",
                "https://api.example.com/{id}/{key}",
                "https://user:password@api.example.com/{key}",
                "https://api.example.com/#{key}",
                "/{key}",
                "{key}",
            })
    void refusesWhatLeadsElsewhereOrNowhere(String template) {
        assertThatThrownBy(() -> UrlTemplate.normalise(template, rules)).isInstanceOf(RefusedUrlException.class);
    }

    @Test
    void isBounded() {
        assertThatThrownBy(() -> UrlTemplate.normalise("https://api.example.com/{key}?" + "a".repeat(500), rules))
                .isInstanceOf(RefusedUrlException.class);
    }

    @ParameterizedTest
    @CsvSource({"a, a", "a/b, a%2Fb", "a?b#c, a%3Fb%23c", "a b, a%20b", "é, %C3%A9", "%2e, %252e", "..., ..."})
    void aKeyNeverBecomesMoreThanOnePart(String key, String encoded) {
        assertThat(UrlTemplate.urlOf("https://h.example/x/{key}/y", key))
                .hasValue("https://h.example/x/" + encoded + "/y");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void aKeyThatWouldLeadUpwardsHasNoAddress(String key) {
        assertThat(UrlTemplate.urlOf("https://h.example/x/{key}", key)).isEmpty();
    }
}
