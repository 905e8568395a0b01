package dev.sluice.gateway.address;

import java.net.InetAddress;

/**
 * A block of IP addresses (CIDR, RFC 4632). An IPv4 address that is written as an IPv6 one is an IPv4 address.
 *
 * @param network any address of the block
 * @param prefixBits how many leading bits all its addresses share
 */
record AddressRange(InetAddress network, int prefixBits) {

    AddressRange {
        int bits = network.getAddress().length * 8;
        if (prefixBits < 0 || prefixBits > bits) {
            throw new IllegalArgumentException("prefixBits must be from 0 to " + bits + ": " + prefixBits);
        }
    }

    /** Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32} or a single address; never asks a name server. */
    static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        InetAddress network = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int all = network.getAddress().length * 8;
        return new AddressRange(network, slash < 0 ? all : Integer.parseInt(text.substring(slash + 1)));
    }

    boolean contains(InetAddress address) {
        byte[] ours = network.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefixBits; bit += 8) {
            int mask = bit + 8 <= prefixBits ? 0xff : 0xff << (bit + 8 - prefixBits);
            if (((ours[bit / 8] ^ theirs[bit / 8]) & mask & 0xff) != 0) {
                return false;
            }
        }
        return true;
    }
}
