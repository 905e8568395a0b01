package dev.sluice.platform.web.egress;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** All the ways to write an address into a URL by which one parser or another has been brought to connect to it. */
final class Spellings {

    private static final char FULL_WIDTH_ZERO = '\uff10';
    private static final int CIRCLED_ONE = '\u2460';
    private static final char CIRCLED_ZERO = '\u24ea';

    private Spellings() {}

    /** Hosts that mean an IPv4 address to the C library, to browsers or to a translator in the network; not the plain one. */
    static List<String> ofIpv4(String dotted) {
        int[] bytes = Stream.of(dotted.split("\\.")).mapToInt(Integer::parseInt).toArray();
        long whole = IntStream.of(bytes).asLongStream().reduce(0, (sum, each) -> sum << 8 | each);
        long last24 = whole & 0xff_ffff;
        long last16 = whole & 0xffff;
        List<String> all = new ArrayList<>();
        // inet_aton(3): numbers of 32 bits, decimal, octal or hexadecimal; with fewer parts the last one has the rest.
        all.add(Long.toString(whole));
        all.add("0" + Long.toOctalString(whole));
        all.add("0x" + Long.toHexString(whole));
        all.add("0X" + HexFormat.of().withUpperCase().toHexDigits(whole, 8));
        all.add("0x00000000" + Long.toHexString(whole));
        all.add(bytes[0] + "." + last24);
        all.add(bytes[0] + ".0x" + Long.toHexString(last24));
        all.add(bytes[0] + "." + bytes[1] + "." + last16);
        all.add("0" + Integer.toOctalString(bytes[0]) + "." + last24);
        all.add(joined(bytes, each -> "0" + Integer.toOctalString(each)));
        all.add(joined(bytes, each -> "0x" + Integer.toHexString(each)));
        all.add(joined(bytes, each -> String.format(Locale.ROOT, "%03d", each)));
        all.add("0x" + Integer.toHexString(bytes[0]) + "." + bytes[1] + ".0" + Integer.toOctalString(bytes[2]) + "."
                + bytes[3]);
        // 64-bit overflow, as old parsers had it.
        all.add(Long.toString(whole + (1L << 32)));
        all.add((bytes[0] + 256) + "." + bytes[1] + "." + bytes[2] + "." + bytes[3]);
        // Other full stops and digits (UTS 46 maps them), and what is percent-encoded.
        all.add(dotted + ".");
        all.add(dotted.replace('.', '\u3002'));
        all.add(dotted.replace('.', '\uff0e'));
        all.add(dotted.replace('.', '\uff61'));
        all.add(digits(dotted, digit -> FULL_WIDTH_ZERO + digit));
        all.add(digits(dotted, digit -> digit == 0 ? CIRCLED_ZERO : CIRCLED_ONE + digit - 1));
        all.add(digits(dotted, digit -> '\u0660' + digit));
        all.add(dotted.chars().mapToObj(c -> "%" + Integer.toHexString(c)).collect(Collectors.joining()));
        all.add(dotted.replace(".", "%2e"));
        all.add("%30" + dotted);
        all.add("[" + dotted + "]");
        // IPv6 that carries it.
        String high = Integer.toHexString(bytes[0] << 8 | bytes[1]);
        String low = Integer.toHexString(bytes[2] << 8 | bytes[3]);
        String pair = high + ":" + low;
        for (String prefix : List.of(
                "::ffff:",
                "0:0:0:0:0:ffff:",
                "0000:0000:0000:0000:0000:FFFF:",
                "::",
                "::ffff:0:",
                "64:ff9b::",
                "64:ff9b:1::")) {
            all.add("[" + prefix + pair + "]");
            all.add("[" + prefix + dotted + "]");
        }
        all.add("[2002:" + pair + "::]");
        all.add("[2002:" + pair + "::1]");
        all.add("[2001:0:" + pair + "::]");
        all.add("[2001::" + Integer.toHexString(~(bytes[0] << 8 | bytes[1]) & 0xffff) + ":"
                + Integer.toHexString(~(bytes[2] << 8 | bytes[3]) & 0xffff) + "]");
        all.add("[fe80::5efe:" + dotted + "]");
        all.add("[::ffff:" + dotted + "%25lo]");
        all.add("[::ffff:" + dotted + "%lo]");
        return all;
    }

    /** Hosts that mean an IPv6 address; the plain one is among them. */
    static List<String> ofIpv6(String address) {
        byte[] bytes = InetAddress.ofLiteral(address).getAddress();
        String full = bytes.length == 4
                ? "::"
                : IntStream.range(0, 8)
                        .mapToObj(i -> HexFormat.of().formatHex(bytes, 2 * i, 2 * i + 2))
                        .collect(Collectors.joining(":"));
        return List.of(
                "[" + address + "]",
                "[" + address.toUpperCase(Locale.ROOT) + "]",
                "[" + full + "]",
                "[" + address + "%25eth0]",
                "[" + address + "%eth0]",
                "[" + address + "%251]",
                "[" + address + "%1]",
                "%5b" + address + "%5d",
                address);
    }

    /** URLs in which one parser sees a harmless host and another this one. */
    static List<String> around(String host) {
        return List.of(
                "https://user@" + host + "/",
                "https://user:password@" + host + "/",
                "https://@" + host + "/",
                "https://example.com@" + host + "/",
                "https://example.com:443@" + host + "/",
                "https://example.com%40" + host + "/",
                "https://example.com%2f@" + host + "/",
                "https://example.com%00@" + host + "/",
                "https://a@example.com@" + host + "/",
                "https://" + host + "#@example.com/",
                "https://" + host + "?@example.com/",
                "https://" + host + "\\@example.com/",
                "https://example.com\\@" + host + "/",
                "https://" + host + ":443@example.com/",
                "https://" + host + "%2f@example.com/",
                "https://" + host + "%23@example.com/",
                "https://" + host + ",example.com/",
                "https://example.com," + host + "/",
                "https://" + host + ";example.com/",
                "https://" + host + " example.com/",
                "https://" + host + "\texample.com/",
                "https://" + host + "\r\nHost: example.com/",
                "https://" + host + ":/",
                "https://" + host + ":443:443/",
                "https://" + host + ":0443x/",
                "https://" + host + ":80/",
                "https://" + host + ":6379/",
                "https://" + host + ":9092/",
                "https:" + host + "/",
                "https:/" + host + "/",
                "https:///" + host + "/",
                "https:\\\\" + host + "/",
                "//" + host + "/",
                "http://" + host + "/",
                "http://" + host + ":443/",
                "hTTp://" + host + "/",
                "url:https://" + host + "/",
                "jar:https://" + host + "!/",
                "ftp://" + host + "/",
                "gopher://" + host + "/");
    }

    private interface Digit {
        int of(int digit);
    }

    private interface Part {
        String of(int part);
    }

    private static String joined(int[] bytes, Part part) {
        return IntStream.of(bytes).mapToObj(part::of).collect(Collectors.joining("."));
    }

    private static String digits(String dotted, Digit other) {
        return dotted.chars()
                .map(c -> c == '.' ? c : other.of(c - '0'))
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}
