package dev.sluice.platform.web.egress;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Addresses that no request may reach, one by one: the first, one in the middle and the last of each block of the IANA special-purpose
 * registries, of what Svix, hook0 and smokescreen deny, and of cloud metadata services.
 */
final class DeniedAddresses {

    private static final List<String> IPV4 = List.of(
            // This network (RFC 791).
            "0.0.0.0 0.0.0.1 0.255.255.255",
            // Private use (RFC 1918).
            "10.0.0.0 10.1.2.3 10.255.255.255",
            "172.16.0.0 172.20.10.1 172.31.255.255",
            "192.168.0.0 192.168.1.1 192.168.255.255",
            // Shared by carriers (RFC 6598); 100.100.100.200 is Alibaba's metadata service.
            "100.64.0.0 100.100.100.200 100.127.255.255",
            // Loopback (RFC 1122).
            "127.0.0.0 127.0.0.1 127.255.255.255",
            // Link local (RFC 3927); 169.254.169.254 and .170.2 are metadata services.
            "169.254.0.0 169.254.169.254 169.254.170.2 169.254.255.255",
            // Azure's platform.
            "168.63.129.16",
            // Protocol assignments (RFC 6890); .192 is Oracle's metadata service.
            "192.0.0.0 192.0.0.192 192.0.0.255",
            // Documentation (RFC 5737).
            "192.0.2.0 192.0.2.1 192.0.2.255",
            "198.51.100.0 198.51.100.7 198.51.100.255",
            "203.0.113.0 203.0.113.7 203.0.113.255",
            // AS112 and AMT (RFC 7535, RFC 7450, RFC 7534).
            "192.31.196.0 192.31.196.1 192.31.196.255",
            "192.52.193.0 192.52.193.1 192.52.193.255",
            "192.175.48.0 192.175.48.1 192.175.48.255",
            // 6to4 relays (RFC 7526).
            "192.88.99.0 192.88.99.1 192.88.99.255",
            // Benchmarks (RFC 2544).
            "198.18.0.0 198.19.0.1 198.19.255.255",
            // Multicast (RFC 5771).
            "224.0.0.0 239.255.255.250 239.255.255.255",
            // Reserved, and the broadcast (RFC 1112, RFC 919).
            "240.0.0.0 248.1.2.3 255.255.255.254 255.255.255.255");

    private static final List<String> IPV6 = List.of(
            // Unspecified, loopback, compatible and translated (RFC 4291, RFC 2765), and all else that begins with
            // eight zeros.
            ":: ::1 ::2 ::ffff ::a00:1 ::ffff:0:a00:1 1:: ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            // NAT64 (RFC 6052, RFC 8215).
            "64:ff9b:: 64:ff9b::a00:1 64:ff9b::ffff:ffff",
            "64:ff9b:1:: 64:ff9b:1::a00:1 64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
            // Discard only, and dummy (RFC 6666, RFC 9780).
            "100:: 100::1 100::ffff:ffff:ffff:ffff",
            "100:0:0:1:: 100:0:0:1::1 100:0:0:1:ffff:ffff:ffff:ffff",
            // Protocol assignments: Teredo, benchmarks, ORCHID (RFC 4380, RFC 5180, RFC 4843, RFC 7343).
            "2001:: 2001:0:a00:1:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
            // Documentation (RFC 3849, RFC 9637).
            "2001:db8:: 2001:db8::1 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
            "3fff:: 3fff:1::1 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
            // 6to4 (RFC 3056).
            "2002:: 2002:a00:1:: 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            // AS112 (RFC 7534).
            "2620:4f:8000:: 2620:4f:8000::1 2620:4f:8000:ffff:ffff:ffff:ffff:ffff",
            // Segment routing (RFC 9602).
            "5f00:: 5f00::1 5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            // Unique local (RFC 4193); fd00:ec2::254 is Amazon's metadata service, fd20:ce::254 Google's.
            "fc00:: fd00:ec2::254 fd20:ce::254 fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            // Link local, site local (RFC 4291, RFC 3879).
            "fe80:: fe80::1 fe80::5efe:a00:1 febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "fec0:: fec0::1 feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            // Multicast.
            "ff00:: ff02::1 ff05::1:3 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");

    private DeniedAddresses() {}

    /** As dotted quads. */
    static Stream<String> ipv4() {
        return IPV4.stream().flatMap(block -> Stream.of(block.split(" ")));
    }

    /** Without brackets. */
    static Stream<String> ipv6() {
        return IPV6.stream().flatMap(block -> Stream.of(block.split(" ")));
    }

    static Stream<InetAddress> all() {
        return Stream.concat(ipv4(), ipv6()).map(InetAddress::ofLiteral);
    }
}
