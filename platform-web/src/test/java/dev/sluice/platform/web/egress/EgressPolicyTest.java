package dev.sluice.platform.web.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.platform.web.egress.EgressPolicy.Verdict;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each block at its first and last address and just outside of it. */
class EgressPolicyTest {
    private static final EgressPolicy STRICT = EgressPolicy.strict();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.255.255.255",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.100.100.200",
                "100.127.255.255",
                "127.0.0.0",
                "127.0.0.1",
                "127.255.255.255",
                "168.63.129.16",
                "169.254.0.0",
                "169.254.169.254",
                "169.254.170.2",
                "169.254.255.255",
                "172.16.0.0",
                "172.31.255.255",
                "192.0.0.0",
                "192.0.0.192",
                "192.0.0.255",
                "192.0.2.0",
                "192.0.2.255",
                "192.31.196.1",
                "192.52.193.1",
                "192.88.99.0",
                "192.88.99.255",
                "192.168.0.0",
                "192.168.255.255",
                "192.175.48.1",
                "198.18.0.0",
                "198.19.255.255",
                "198.51.100.0",
                "198.51.100.255",
                "203.0.113.0",
                "203.0.113.255",
                "224.0.0.0",
                "239.255.255.255",
                "240.0.0.0",
                "255.255.255.254",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::8.8.8.8",
                "::ffff:0:127.0.0.1",
                "::ffff:0:0:0",
                "64:ff9b::7f00:1",
                "64:ff9b::808:808",
                "64:ff9b:1::1",
                "64:ff9b:1:ffff::1",
                "ff:ffff::1",
                "100::",
                "100::ffff:ffff:ffff:ffff",
                "100:0:0:1::1",
                "2001::",
                "2001:0:4136:e378::1",
                "2001:10::1",
                "2001:20::1",
                "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
                "2001:db8::",
                "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
                "2002::",
                "2002:7f00:1::",
                "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "2620:4f:8000::1",
                "3fff::",
                "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
                "5f00::1",
                "fc00::",
                "fd00:ec2::254",
                "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "fe80::",
                "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "fec0::",
                "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "ff00::",
                "ff02::1",
                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            })
    void deniesWhatOnlyThisNetworkCanReach(String address) {
        assertThat(STRICT.judge(InetAddress.ofLiteral(address))).isEqualTo(Verdict.DENIED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0.0.0",
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "168.63.129.15",
                "168.63.129.17",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.0.3.0",
                "192.88.98.255",
                "192.88.100.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "203.0.112.255",
                "203.0.114.0",
                "223.255.255.255",
                "2001:200::",
                "2001:4860:4860::8888",
                "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
                "2001:db9::",
                "2003::",
                "2606:4700:4700::1111",
                "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "3fff:1000::",
            })
    void permitsTheGlobalInternet(String address) {
        assertThat(STRICT.judge(InetAddress.ofLiteral(address))).isEqualTo(Verdict.PERMITTED);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, DENIED",
        "10.1.2.3, DENIED",
        "169.254.169.254, DENIED",
        "0.0.0.0, DENIED",
        "8.8.8.8, PERMITTED",
    })
    void judgesAMappedAddressAsTheIpv4AddressThatTheKernelConnectsTo(String ipv4, Verdict verdict) throws Exception {
        assertThat(STRICT.judge(mapped(ipv4))).isEqualTo(verdict);
    }

    @Test
    void aScopeDoesNotHideAnAddress() throws Exception {
        byte[] bytes = InetAddress.ofLiteral("fe80::1").getAddress();

        assertThat(STRICT.judge(Inet6Address.getByAddress(null, bytes, 1))).isEqualTo(Verdict.DENIED);
    }

    @Test
    void allowedBlocksAreForDevelopmentAndNothingAround() throws Exception {
        EgressPolicy policy = EgressPolicy.of(List.of("127.0.0.0/8", "::1/128"), List.of());

        assertThat(policy.judge(InetAddress.ofLiteral("127.0.0.1"))).isEqualTo(Verdict.ALLOWED_FOR_DEVELOPMENT);
        assertThat(policy.judge(mapped("127.9.9.9"))).isEqualTo(Verdict.ALLOWED_FOR_DEVELOPMENT);
        assertThat(policy.judge(InetAddress.ofLiteral("::1"))).isEqualTo(Verdict.ALLOWED_FOR_DEVELOPMENT);
        assertThat(policy.judge(InetAddress.ofLiteral("::2"))).isEqualTo(Verdict.DENIED);
        assertThat(policy.judge(InetAddress.ofLiteral("10.0.0.1"))).isEqualTo(Verdict.DENIED);
        assertThat(policy.judge(InetAddress.ofLiteral("8.8.8.8"))).isEqualTo(Verdict.PERMITTED);
    }

    @Test
    void noOperatorCanAllowMetadataServices() throws Exception {
        EgressPolicy policy = EgressPolicy.of(List.of("0.0.0.0/0", "::/0"), List.of());

        assertThat(policy.judge(InetAddress.ofLiteral("169.254.169.254"))).isEqualTo(Verdict.DENIED);
        assertThat(policy.judge(mapped("169.254.169.254"))).isEqualTo(Verdict.DENIED);
        assertThat(policy.judge(InetAddress.ofLiteral("fd00:ec2::254"))).isEqualTo(Verdict.DENIED);
        assertThat(policy.judge(InetAddress.ofLiteral("168.63.129.16"))).isEqualTo(Verdict.DENIED);
    }

    @Test
    void whatAnOperatorDeniesIsDeniedThoughItIsPublicOrAllowed() throws Exception {
        EgressPolicy policy = EgressPolicy.of(List.of("127.0.0.0/8"), List.of())
                .without(List.of("8.8.8.0/24", "2606:4700::/32", "127.0.0.9/32"));

        for (String address : List.of("8.8.8.0", "8.8.8.255", "2606:4700::1", "127.0.0.9")) {
            assertThat(policy.judge(InetAddress.ofLiteral(address))).as(address).isEqualTo(Verdict.DENIED);
        }
        assertThat(policy.judge(mapped("8.8.8.8"))).isEqualTo(Verdict.DENIED);
        assertThat(policy.judge(InetAddress.ofLiteral("8.8.9.0"))).isEqualTo(Verdict.PERMITTED);
        assertThat(policy.judge(InetAddress.ofLiteral("127.0.0.8"))).isEqualTo(Verdict.ALLOWED_FOR_DEVELOPMENT);
        assertThat(policy.judge(InetAddress.ofLiteral("169.254.169.254"))).isEqualTo(Verdict.DENIED);
        assertThatIllegalArgumentException().isThrownBy(() -> STRICT.without(List.of("8.8.8.1/24")));
    }

    @Test
    void deniesThisMachinesOwnPublicAddresses() throws Exception {
        List<InetAddress> own = List.of(InetAddress.ofLiteral("8.8.8.8"), InetAddress.ofLiteral("2606:4700::1"));
        EgressPolicy policy = EgressPolicy.of(List.of(), own);

        assertThat(policy.judge(InetAddress.ofLiteral("8.8.8.8"))).isEqualTo(Verdict.DENIED);
        assertThat(policy.judge(mapped("8.8.8.8"))).isEqualTo(Verdict.DENIED);
        assertThat(policy.judge(InetAddress.ofLiteral("2606:4700::1"))).isEqualTo(Verdict.DENIED);
        assertThat(policy.judge(InetAddress.ofLiteral("8.8.8.9"))).isEqualTo(Verdict.PERMITTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/x",
                "10.0.0.1/8",
                "::/129",
                "fc00::1/7",
                "::ffff:0:0/96",
                "localhost/8",
                "/8"
            })
    void refusesBlocksThatAreNone(String block) {
        assertThatIllegalArgumentException().isThrownBy(() -> EgressPolicy.of(List.of(block), List.of()));
    }

    /** As netty makes it: the JDK would turn it into an IPv4 address. */
    private static InetAddress mapped(String ipv4) throws UnknownHostException {
        byte[] bytes = new byte[16];
        bytes[10] = (byte) 0xff;
        bytes[11] = (byte) 0xff;
        System.arraycopy(InetAddress.ofLiteral(ipv4).getAddress(), 0, bytes, 12, 4);
        return Inet6Address.getByAddress(null, bytes, -1);
    }
}
