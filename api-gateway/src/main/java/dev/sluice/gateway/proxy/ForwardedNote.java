package dev.sluice.gateway.proxy;

import io.netty.handler.codec.http.HttpHeaders;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the upstream is told about where a request came from: Forwarded (RFC 7239) and the X-Forwarded- headers before
 * it. What the caller says itself goes on only when the caller is a trusted proxy. Pure.
 *
 * @param peer the address at the other end of the connection; null when it is not known
 * @param trusted whether that is a proxy whose word counts
 * @param scheme of the connection
 * @param host the Host header
 */
record ForwardedNote(@Nullable InetAddress peer, boolean trusted, String scheme, String host) {

    private static final String FORWARDED = "Forwarded";
    private static final String FOR = "X-Forwarded-For";
    private static final String PROTO = "X-Forwarded-Proto";
    private static final String HOST = "X-Forwarded-Host";

    /** Kept of a trusted proxy's request without being extended. */
    private static final String[] OTHERS = {"X-Forwarded-Port", "X-Forwarded-Prefix", "X-Real-IP"};

    void write(HttpHeaders caller, HttpHeaders to) {
        String address = peer == null ? "unknown" : peer.getHostAddress();
        to.set(FORWARDED, joined(caller, FORWARDED, element(address)));
        to.set(FOR, joined(caller, FOR, address));
        to.set(PROTO, said(caller, PROTO, scheme));
        to.set(HOST, said(caller, HOST, host));
        if (trusted) {
            for (String name : OTHERS) {
                String value = caller.get(name);
                if (value != null) {
                    to.set(name, value);
                }
            }
        }
    }

    private String element(String address) {
        String node = peer instanceof Inet6Address ? "\"[" + address + "]\"" : address;
        return "for=" + node + ";host=\"" + host + "\";proto=" + scheme;
    }

    private String joined(HttpHeaders caller, String name, String ours) {
        if (!trusted || !caller.contains(name)) {
            return ours;
        }
        return String.join(", ", caller.getAll(name)) + ", " + ours;
    }

    private String said(HttpHeaders caller, String name, String ours) {
        String theirs = trusted ? caller.get(name) : null;
        return theirs == null ? ours : theirs;
    }
}
