package dev.sluice.platform.web.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every denied address in every spelling: as it is registered, and as the socket gets to see it. */
class SpellingsTest {

    private static final EgressPolicy STRICT = EgressPolicy.strict();

    private final UrlRules rules = new UrlRules(STRICT, Set.of(443, 8443), Set.of());

    @ParameterizedTest
    @MethodSource("ipv4")
    void noSpellingOfAnIpv4AddressIsRegistered(String dotted) {
        assertRefused("https://" + dotted + "/");
        assertRefused("https://" + dotted + ":8443/");
        for (String host : Spellings.ofIpv4(dotted)) {
            assertRefused("https://" + host + "/");
            assertRefused("https://" + host + ":8443/x");
        }
        Spellings.around(dotted).forEach(this::assertRefused);
    }

    @ParameterizedTest
    @MethodSource("ipv6")
    void noSpellingOfAnIpv6AddressIsRegistered(String address) {
        for (String host : Spellings.ofIpv6(address)) {
            assertRefused("https://" + host + "/");
            assertRefused("https://" + host + ":8443/x");
        }
        Spellings.around("[" + address + "]").forEach(this::assertRefused);
    }

    @ParameterizedTest
    @MethodSource("all")
    void noFormOfADeniedAddressIsConnectedTo(InetAddress address) throws Exception {
        assertThat(STRICT.judge(address)).isEqualTo(EgressPolicy.Verdict.DENIED);
        for (InetAddress form : forms(address)) {
            assertThat(STRICT.judge(form)).as("%s of %s", form, address).isEqualTo(EgressPolicy.Verdict.DENIED);
        }
    }

    /** As resolvers and netty may hand it over: with a scope, mapped, and carried by tunnels and translators. */
    private static List<InetAddress> forms(InetAddress address) throws UnknownHostException {
        byte[] bytes = address.getAddress();
        if (bytes.length == 16) {
            return List.of(
                    Inet6Address.getByAddress("a", bytes, 1),
                    Inet6Address.getByAddress("public.example.com", bytes, 0));
        }
        return List.of(
                InetAddress.getByAddress("public.example.com", bytes),
                carried(bytes, 12, 10, 0xff, 0xff),
                carried(bytes, 12, 10, 0, 0),
                carried(bytes, 12, 8, 0xff, 0xff),
                carried(bytes, 12, 0, 0, 0x64, 0xff, 0x9b),
                carried(bytes, 12, 0, 0, 0x64, 0xff, 0x9b, 0, 1),
                carried(bytes, 2, 0, 0x20, 0x02),
                carried(bytes, 4, 0, 0x20, 0x01));
    }

    /** As netty makes it: the JDK would turn a mapped one into an IPv4 address. */
    private static InetAddress carried(byte[] ipv4, int at, int prefixAt, int... prefix) throws UnknownHostException {
        byte[] bytes = new byte[16];
        for (int i = 0; i < prefix.length; i++) {
            bytes[prefixAt + i] = (byte) prefix[i];
        }
        System.arraycopy(ipv4, 0, bytes, at, ipv4.length);
        return Inet6Address.getByAddress(null, bytes, -1);
    }

    static Stream<String> ipv4() {
        return DeniedAddresses.ipv4();
    }

    static Stream<String> ipv6() {
        return DeniedAddresses.ipv6();
    }

    static Stream<InetAddress> all() {
        return DeniedAddresses.all();
    }

    private void assertRefused(String url) {
        assertThatThrownBy(() -> rules.normalise(url)).as(url).isInstanceOf(RefusedUrlException.class);
    }
}
