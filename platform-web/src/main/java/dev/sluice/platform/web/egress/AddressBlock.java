package dev.sluice.platform.web.egress;

import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A CIDR block over canonical addresses: 4 bytes for IPv4, 16 for IPv6. */
final class AddressBlock {

    private final byte[] network;
    private final int prefixBits;

    private AddressBlock(byte[] network, int prefixBits) {
        this.network = network;
        this.prefixBits = prefixBits;
    }

    /** Reads {@code 10.0.0.0/8} or {@code fc00::/7}; bits after the prefix must be zero. */
    static AddressBlock parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("CIDR block must be address/bits: " + text);
        }
        try {
            byte[] network = InetAddress.ofLiteral(text.substring(0, slash)).getAddress();
            AddressBlock block = new AddressBlock(network, Integer.parseInt(text.substring(slash + 1)));
            block.check(text);
            return block;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("CIDR block must be address/bits: " + text, e);
        }
    }

    static AddressBlock of(InetAddress single) {
        byte[] address = CanonicalAddress.of(single);
        return new AddressBlock(address, address.length * Byte.SIZE);
    }

    private void check(String text) {
        if (prefixBits < 0 || prefixBits > network.length * Byte.SIZE) {
            throw new IllegalArgumentException("CIDR block has impossible bits: " + text);
        }
        for (int bit = prefixBits; bit < network.length * Byte.SIZE; bit++) {
            if ((network[bit / Byte.SIZE] >> (7 - bit % Byte.SIZE) & 1) != 0) {
                throw new IllegalArgumentException("CIDR block has bits after its prefix: " + text);
            }
        }
    }

    /** Whether a canonical address lies in the block. */
    boolean contains(byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        int whole = prefixBits / Byte.SIZE;
        if (Arrays.mismatch(address, 0, whole, network, 0, whole) >= 0) {
            return false;
        }
        int rest = prefixBits % Byte.SIZE;
        int mask = 0xff << (Byte.SIZE - rest);
        return rest == 0 || (address[whole] & mask) == (network[whole] & mask);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AddressBlock block
                && prefixBits == block.prefixBits
                && Arrays.equals(network, block.network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + prefixBits;
    }
}
