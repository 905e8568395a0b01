package dev.sluice.gateway.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

class ClientAddressesTest {

    private final ClientAddresses addresses =
            new ClientAddresses(new TrustedProxies(List.of("10.0.0.0/8", "2001:db8:ffff::/48")));

    @Test
    void believesNothingOfWhoIsNoTrustedProxy() {
        assertThat(network("203.0.113.9", "X-Forwarded-For", "198.51.100.1")).isEqualTo("203.0.113.9");
        assertThat(network("203.0.113.9", "Forwarded", "for=198.51.100.1")).isEqualTo("203.0.113.9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "198.51.100.1                         | 198.51.100.1",
                "198.51.100.1, 203.0.113.5            | 203.0.113.5",
                "198.51.100.1, 203.0.113.5, 10.9.9.9  | 203.0.113.5",
                "198.51.100.1, unknown, 10.9.9.9      | 10.9.9.9",
                "198.51.100.1, evil.example, 10.9.9.9 | 10.9.9.9",
                "198.51.100.1:4711                    | 198.51.100.1",
                "[2001:db8::1]:4711                   | 2001:db8:0:0:0:0:0:0",
                "::ffff:198.51.100.1                  | 198.51.100.1",
                "10.1.1.1, 10.1.1.2                   | 10.1.1.1",
                "unknown                              | 10.0.0.1"
            })
    void takesTheLastAddressThatIsNoTrustedProxys(String forwardedFor, String client) {
        assertThat(network("10.0.0.1", "X-Forwarded-For", forwardedFor)).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "for=198.51.100.1                                  | 198.51.100.1",
                "for=198.51.100.1;proto=https, for=10.2.2.2        | 198.51.100.1",
                "proto=https;For=\"[2001:db8:1:2:3::4]:80\"        | 2001:db8:1:2:0:0:0:0",
                "for=203.0.113.5, for=_hidden                      | 10.0.0.1",
                "by=10.0.0.1                                       | 10.0.0.1"
            })
    void readsForwardedToo(String forwarded, String client) {
        assertThat(network("10.0.0.1", "Forwarded", forwarded)).isEqualTo(client);
    }

    @Test
    void theAddressItselfIsNoNetwork() {
        MockServerHttpRequest request = MockServerHttpRequest.get("/")
                .remoteAddress(new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 1))
                .header("X-Forwarded-For", "2001:db8:1:2:3::4")
                .build();
        assertThat(addresses.of(request)).contains(InetAddress.ofLiteral("2001:db8:1:2:3::4"));
    }

    @Test
    void neighboursInOneNetworkAreOne() {
        assertThat(network("2001:db8:1:2:aaaa::1", "X-None", "x"))
                .isEqualTo(network("2001:db8:1:2:bbbb::2", "X-None", "x"))
                .isNotEqualTo(network("2001:db8:1:3::1", "X-None", "x"));
        assertThat(network("203.0.113.1", "X-None", "x")).isNotEqualTo(network("203.0.113.2", "X-None", "x"));
    }

    @Test
    void looksAtNoMoreHopsThanAChainHas() {
        String endless = "198.51.100.1, " + "10.1.1.1, ".repeat(1_000) + "10.1.1.2";
        assertThat(network("10.0.0.1", "X-Forwarded-For", endless)).isEqualTo("10.1.1.1");
    }

    private String network(String peer, String header, String value) {
        return addresses
                .networkOf(MockServerHttpRequest.get("/")
                        .remoteAddress(new InetSocketAddress(InetAddress.ofLiteral(peer), 4711))
                        .header(header, value)
                        .build())
                .orElseThrow()
                .getHostAddress();
    }
}
