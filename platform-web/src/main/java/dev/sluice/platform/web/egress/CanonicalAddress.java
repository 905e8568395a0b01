package dev.sluice.platform.web.egress;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * The one form of an address that rules are applied to. netty parses {@code ::ffff:127.0.0.1} into an IPv6 address that
 * keeps the mapped bytes, where the JDK would make an IPv4 address of it; the kernel connects to 127.0.0.1 either way.
 */
final class CanonicalAddress {

    private static final int IPV6_BYTES = 16;
    private static final int MAPPED_PREFIX_BYTES = 12;

    private CanonicalAddress() {}

    /** 4 bytes for IPv4 and IPv4-mapped IPv6 (::ffff:0:0/96), else 16. */
    static byte[] of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return isMapped(bytes) ? Arrays.copyOfRange(bytes, MAPPED_PREFIX_BYTES, IPV6_BYTES) : bytes;
    }

    private static boolean isMapped(byte[] bytes) {
        if (bytes.length != IPV6_BYTES || bytes[10] != (byte) 0xff || bytes[11] != (byte) 0xff) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
