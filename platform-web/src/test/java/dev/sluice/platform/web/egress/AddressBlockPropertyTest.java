package dev.sluice.platform.web.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Random blocks and addresses against shifted integers. */
class AddressBlockPropertyTest {

    @RepeatedTest(100)
    void containsExactlyTheAddressesWithItsPrefix(RepetitionInfo repetition) throws UnknownHostException {
        Random random = new Random(repetition.getCurrentRepetition());
        int bytes = random.nextBoolean() ? 4 : 16;
        int prefixBits = random.nextInt(bytes * 8 + 1);
        int rest = bytes * 8 - prefixBits;
        byte[] seed = new byte[bytes];
        random.nextBytes(seed);
        // Not all zeros: the JDK would read a mapped network as IPv4.
        seed[0] = 0x20;
        BigInteger network = new BigInteger(1, seed).shiftRight(rest).shiftLeft(rest);
        AddressBlock block = AddressBlock.parse(text(network, bytes) + "/" + prefixBits);

        for (int i = 0; i < 100; i++) {
            BigInteger address = near(network, bytes * 8, random);
            boolean expected = address.shiftRight(rest).equals(network.shiftRight(rest));
            assertThat(block.contains(toBytes(address, bytes))).isEqualTo(expected);
            assertThat(block.contains(toBytes(address, bytes == 4 ? 16 : 4)))
                    .as("the other family")
                    .isFalse();
        }
        assertThat(block).isEqualTo(AddressBlock.parse(text(network, bytes) + "/" + prefixBits));
    }

    /** The network with one bit flipped, mostly: far addresses are easy. */
    private static BigInteger near(BigInteger network, int bits, Random random) {
        return random.nextInt(10) == 0 ? new BigInteger(bits, random) : network.flipBit(random.nextInt(bits));
    }

    private static String text(BigInteger address, int bytes) throws UnknownHostException {
        return InetAddress.getByAddress(toBytes(address, bytes)).getHostAddress();
    }

    private static byte[] toBytes(BigInteger address, int bytes) {
        byte[] result = new byte[bytes];
        BigInteger rest = address;
        for (int i = bytes - 1; i >= 0; i--) {
            result[i] = rest.byteValue();
            rest = rest.shiftRight(8);
        }
        return result;
    }
}
