package dev.sluice.gateway.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedProxiesTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, 9.255.255.255, false",
        "10.1.2.3/8, 10.9.9.9, true",
        "192.168.4.0/22, 192.168.7.255, true",
        "192.168.4.0/22, 192.168.8.0, false",
        "192.168.4.0/22, 192.168.3.255, false",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.2, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 10.0.0.1, false",
        "10.0.0.0/8, ::ffff:10.0.0.1, true",
        "::ffff:10.0.0.1, 10.0.0.1, true"
    })
    void trustsTheAddressesOfItsRanges(String range, String peer, boolean trusted) {
        assertThat(new TrustedProxies(List.of(range)).trusts(InetAddress.ofLiteral(peer)))
                .isEqualTo(trusted);
    }

    @Test
    void trustsWhatAnyRangeHas() {
        TrustedProxies proxies = new TrustedProxies(List.of("10.0.0.0/8", "::1"));
        assertThat(proxies.trusts(InetAddress.ofLiteral("::1"))).isTrue();
        assertThat(proxies.trusts(InetAddress.ofLiteral("::2"))).isFalse();
    }

    @Test
    void trustsNoPeerThatIsNotKnown() {
        assertThat(new TrustedProxies(List.of("0.0.0.0/0", "::/0")).trusts(null))
                .isFalse();
        assertThat(new TrustedProxies(List.of()).trusts(InetAddress.ofLiteral("127.0.0.1")))
                .isFalse();
    }
}
