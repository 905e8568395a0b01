package dev.sluice.platform.web.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which URLs may be registered: the catalogue of server-side request forgery, form by form. */
class UrlRulesTest {
    private static final Set<Integer> PORTS = Set.of(443, 8443);

    private final UrlRules rules = new UrlRules(EgressPolicy.strict(), PORTS, Set.of("hooks.sluice.example"));

    @ParameterizedTest
    @CsvSource({
        "https://example.com, https://example.com/",
        "https://example.com/, https://example.com/",
        "HTTPS://EXAMPLE.Com/A?b=C, https://example.com/A?b=C",
        "https://example.com:443/x, https://example.com/x",
        "https://example.com:8443/x, https://example.com:8443/x",
        "https://example.com:00443/x, https://example.com/x",
        "https://a-b.c1.example.co.uk/%7Euser/?q=%20, https://a-b.c1.example.co.uk/%7Euser/?q=%20",
        "https://xn--bcher-kva.example/, https://xn--bcher-kva.example/",
        "https://8.8.8.8/x, https://8.8.8.8/x",
        "https://[2606:4700:4700::1111]:8443/, https://[2606:4700:4700::1111]:8443/",
        "https://[2606:4700:4700::ABCD]/, https://[2606:4700:4700::abcd]/",
        "https://example.com?q=1, https://example.com/?q=1",
        "https://1password.com/, https://1password.com/",
        "https://0x7f.example/, https://0x7f.example/",
    })
    void acceptsAndNormalises(String url, String normalised) {
        assertThat(rules.normalise(url)).isEqualTo(normalised);
        assertThat(rules.normalise(normalised)).as("once is enough").isEqualTo(normalised);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.0.0.1",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "[::]",
                "[::1]",
                "[0:0:0:0:0:0:0:1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[0:0:0:0:0:ffff:10.0.0.1]",
                "[::127.0.0.1]",
                "[64:ff9b::7f00:1]",
                "[64:ff9b:1::1]",
                "[2002:7f00:1::]",
                "[2001::1]",
                "[fc00::1]",
                "[fd00:ec2::254]",
                "[fe80::1]",
                "[fec0::1]",
                "[ff02::1]",
                "[3fff::1]",
                "[5f00::1]",
                "[2001:db8::1]"
            })
    void refusesLiteralsThatAreNotPublic(String host) {
        assertRefused("https://" + host + "/");
        assertRefused("https://" + host + ":8443/x?y");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Other spellings of addresses, which C resolvers read and others do not.
                "127.1",
                "127.0.1",
                "2130706433",
                "0",
                "0177.0.0.1",
                "010.8.8.8",
                "0x7f.1",
                "0x7f000001",
                "0x7f.0.0.1",
                "127.0.0.01",
                "127.0.0.256",
                "127.0.0.1.",
                "1.2.3.4.5",
                "8.8.8.0x8",
                "017700000001",
                "[::1%25eth0]",
                "[fe80::1%25lo]",
                "[fe80::1%lo]",
                "[127.0.0.1]",
                "[::1",
                "[v1.fe80]",
                "[]",
                "[:::1]",
                "[1::2::3]",
                "example.0x7f",
                "example.1"
            })
    void refusesOtherSpellingsOfAddresses(String host) {
        assertRefused("https://" + host + "/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST",
                "foo.localhost",
                "foo.local",
                "foo.internal",
                "metadata.google.internal",
                "printer.lan",
                "a.home.arpa",
                "intranet.corp",
                "x.localdomain",
                "host",
                "kubernetes",
                "example.com.",
                "localhost.",
                "a..b.example",
                ".example.com",
                "-a.example.com",
                "a-.example.com",
                "a_b.example.com",
                "xn--.example",
                "xn--a.example",
                "xn--zzzzzzzz.example",
                "hooks.sluice.example",
                "HOOKS.sluice.Example",
                "\u24d4xample.com",
                "\uff45xample.com",
                "example\u3002com",
                "b\u00fccher.example",
                "ex%61mple.com",
                "%65xample.com"
            })
    void refusesNamesThatArePrivateOrReadDifferently(String host) {
        assertRefused("https://" + host + "/");
    }

    @Test
    void refusesNamesAndUrlsThatAreTooLong() {
        String label = "a".repeat(63);
        String longest = String.join(".", label, label, label, "b".repeat(57), "com");
        assertThat(longest).hasSize(253);

        assertThat(rules.normalise("https://" + longest + "/")).contains(longest);
        assertRefused("https://b" + longest + "/");
        assertRefused("https://" + "a".repeat(64) + ".example.com/");
        assertThat(rules.normalise("https://example.com/" + "x".repeat(2_028))).hasSize(2_048);
        assertRefused("https://example.com/" + "x".repeat(2_029));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "/",
                "example.com",
                "//example.com/",
                "https:",
                "https:/example.com",
                "https:example.com",
                "https://",
                "https:///x",
                "https://:443/",
                "ftp://example.com/",
                "file:///etc/passwd",
                "gopher://example.com/",
                "javascript:alert(1)",
                "https+unix://example.com/",
                "jar:https://example.com/",
                "http://example.com/",
                "http://8.8.8.8/",
                "http://example.com:443/",
                "http://8.8.8.8:8443/",
                "https://user@example.com/",
                "https://user:pw@example.com/",
                "https://@example.com/",
                "https://example.com@127.0.0.1/",
                "https://127.0.0.1#@example.com/",
                "https://example.com/#",
                "https://example.com/#fragment",
                "https://example.com:/",
                "https://example.com:80/",
                "https://example.com:22/",
                "https://example.com:0/",
                "https://example.com:65536/",
                "https://example.com:99999999999/",
                "https://example.com:-1/",
                "https://example.com:4a3/",
                "https://example.com:443:443/",
                "https://example.com\\@127.0.0.1/",
                "https:\\\\example.com\\",
                "https://example.com/a b",
                " https://example.com/",
                "https://example.com/ ",
                "https://example.com/\n",
                "https://example.com/\r\nHost:x",
                "https://example.com/\t",
                "https://example.com/\u0000",
                "https://exam\u0000ple.com/",
                "https://example.com/\u00e9",
                "https://example.com/%",
                "https://example.com/%zz",
                "https://exa mple.com/",
                "https://[::1]example.com/",
                "https://example.com,127.0.0.1/",
                "https://example.com;127.0.0.1/",
                "https://{host}/",
                "https://$host/"
            })
    void refusesOtherSchemesPartsAndCharacters(String url) {
        assertRefused(url);
    }

    @Test
    void ownNamesAreRefusedHoweverTheOperatorSpelledThem() {
        UrlRules shouting = new UrlRules(EgressPolicy.strict(), PORTS, Set.of("Hooks.SLUICE.example"));

        assertThatThrownBy(() -> shouting.normalise("https://hooks.sluice.example/"))
                .isInstanceOf(RefusedUrlException.class);
    }

    @Test
    void developmentAddressesMayUseHttpAndAnyPort() {
        UrlRules development = new UrlRules(EgressPolicy.of(List.of("127.0.0.0/8"), List.of()), PORTS, Set.of());

        assertThat(development.normalise("http://127.0.0.1:18080/x")).isEqualTo("http://127.0.0.1:18080/x");
        assertThat(development.normalise("http://127.0.0.1:80/x")).isEqualTo("http://127.0.0.1/x");
        assertThat(development.normalise("https://127.0.0.1:1/x")).isEqualTo("https://127.0.0.1:1/x");
        assertThat(development.normalise("http://[::ffff:127.0.0.1]:81/x")).isEqualTo("http://[::ffff:127.0.0.1]:81/x");
        for (String url : List.of(
                "http://example.com/",
                "https://example.com:18080/",
                "http://8.8.8.8/",
                "http://10.0.0.1/",
                "http://localhost/",
                "http://127.0.0.1:0/",
                "http://127.0.0.1:65536/")) {
            assertThatThrownBy(() -> development.normalise(url)).as(url).isInstanceOf(RefusedUrlException.class);
        }
    }

    private void assertRefused(String url) {
        assertThatThrownBy(() -> rules.normalise(url))
                .as(url)
                .isInstanceOf(RefusedUrlException.class)
                .message()
                .matches("(must|is not a URL).*");
    }
}
