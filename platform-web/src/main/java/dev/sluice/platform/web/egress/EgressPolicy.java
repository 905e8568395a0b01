package dev.sluice.platform.web.egress;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses customers' URLs may lead to: the global internet, and nothing that only this network can reach.
 *
 * <p>The list is the union of the IANA special-purpose registries (RFC 6890 and updates) as Svix and Stripe's smokescreen
 * apply them. Translated and tunnelled forms (NAT64, 6to4, Teredo, IPv4-compatible) are denied whole, because they can
 * carry any IPv4 address. Pure and thread-safe.
 */
public final class EgressPolicy {

    /** What may be done with an address. */
    public enum Verdict {
        /** A global address. */
        PERMITTED,
        /** Denied by the list, but allowed by the operator for development; http is fine there too. */
        ALLOWED_FOR_DEVELOPMENT,
        DENIED
    }

    /** Public by its number, but answered inside every virtual network of Azure (Microsoft Learn, "IP 168.63.129.16"). */
    private static final String AZURE_PLATFORM = "168.63.129.16/32";

    private static final List<AddressBlock> DENIED = blocks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            AZURE_PLATFORM,
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            // Unspecified, loopback, IPv4-compatible, IPv4-translated; mapped addresses were made IPv4 before.
            "::/8",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "100::/64",
            "100:0:0:1::/64",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "2620:4f:8000::/48",
            "3fff::/20",
            "5f00::/16",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8");

    /** Cloud metadata services: nobody needs requests there. */
    private static final List<AddressBlock> NEVER_ALLOWED =
            blocks("169.254.0.0/16", "fd00:ec2::254/128", AZURE_PLATFORM);

    private final List<AddressBlock> neverAllowed;
    private final List<AddressBlock> denied;
    private final List<AddressBlock> allowed;

    private EgressPolicy(List<AddressBlock> neverAllowed, List<AddressBlock> denied, List<AddressBlock> allowed) {
        this.neverAllowed = neverAllowed;
        this.denied = denied;
        this.allowed = allowed;
    }

    /** Global addresses only. */
    public static EgressPolicy strict() {
        return new EgressPolicy(NEVER_ALLOWED, DENIED, List.of());
    }

    /**
     * A policy with exceptions both ways.
     *
     * @param allowedBlocks CIDR blocks that are allowed although the list denies them
     * @param own addresses of this machine, denied like the list
     */
    public static EgressPolicy of(List<String> allowedBlocks, List<InetAddress> own) {
        List<AddressBlock> denied = Stream.concat(DENIED.stream(), own.stream().map(AddressBlock::of))
                .toList();
        return new EgressPolicy(
                NEVER_ALLOWED,
                denied,
                allowedBlocks.stream().map(AddressBlock::parse).toList());
    }

    /** As {@link #of}, for this machine: a public address of it leads to its own services past the firewall. */
    public static EgressPolicy ofThisMachine(List<String> allowedBlocks) {
        try {
            return of(
                    allowedBlocks,
                    NetworkInterface.networkInterfaces()
                            .flatMap(NetworkInterface::inetAddresses)
                            .toList());
        } catch (SocketException e) {
            throw new IllegalStateException("Cannot list the addresses of this machine, which must not be reached", e);
        }
    }

    /**
     * The same without more addresses, public ones that only this network should reach, and allowed ones too.
     *
     * @param blocks CIDR blocks
     */
    public EgressPolicy without(List<String> blocks) {
        return new EgressPolicy(
                Stream.concat(neverAllowed.stream(), blocks.stream().map(AddressBlock::parse))
                        .toList(),
                denied,
                allowed);
    }

    public Verdict judge(InetAddress address) {
        byte[] canonical = CanonicalAddress.of(address);
        if (contains(neverAllowed, canonical)) {
            return Verdict.DENIED;
        }
        if (contains(allowed, canonical)) {
            return Verdict.ALLOWED_FOR_DEVELOPMENT;
        }
        return contains(denied, canonical) ? Verdict.DENIED : Verdict.PERMITTED;
    }

    private static boolean contains(List<AddressBlock> blocks, byte[] address) {
        for (AddressBlock block : blocks) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static List<AddressBlock> blocks(String... texts) {
        return Stream.of(texts).map(AddressBlock::parse).toList();
    }
}
