package dev.sluice.gateway.address;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * From where a request comes, as far as that can be believed: of the addresses that the trusted proxies noted, the last one
 * that is not a trusted proxy's. What stands before it was written by the caller and says nothing. Thread-safe.
 */
public final class ClientAddresses {

    private static final String FORWARDED = "Forwarded";
    private static final String FORWARDED_FOR = "X-Forwarded-For";
    /** RFC 7239, section 4: one parameter of an element. */
    private static final Pattern FOR = Pattern.compile("(?i)(?:^|[;\\s])for\\s*=\\s*(\"[^\"]*\"|[^;,\\s]*)");
    /** An address with the port that some proxies add. */
    private static final Pattern WITH_PORT = Pattern.compile("\\[([^\\]]*)](?::\\d+)?|([0-9.]+):\\d+");
    /** More hops than any chain has; the rest is the caller's invention. */
    private static final int MAX_HOPS = 32;
    /** What one customer is given of IPv6 is a /64 at least (RFC 6177). */
    private static final int NETWORK_BYTES = 8;

    private final TrustedProxies trusted;

    ClientAddresses(TrustedProxies trusted) {
        this.trusted = trusted;
    }

    /** The client's address; empty when its connection has none. */
    public Optional<InetAddress> of(ServerHttpRequest request) {
        InetSocketAddress remote = request.getRemoteAddress();
        return remote == null
                ? Optional.empty()
                : Optional.ofNullable(remote.getAddress()).map(peer -> clientOf(peer, request.getHeaders()));
    }

    /** The client's IPv4 address, or the /64 network of its IPv6 address; empty when its connection has none. */
    public Optional<InetAddress> networkOf(ServerHttpRequest request) {
        return of(request).map(ClientAddresses::networkOf);
    }

    private InetAddress clientOf(InetAddress peer, HttpHeaders headers) {
        InetAddress client = peer;
        List<String> hops = hops(headers);
        for (int i = hops.size() - 1; i >= 0 && i >= hops.size() - MAX_HOPS && trusted.trusts(client); i--) {
            InetAddress noted = parse(hops.get(i));
            if (noted == null) {
                // A name, or nothing that can be read: the proxy that noted it is the best that is known.
                return client;
            }
            client = noted;
        }
        return client;
    }

    /** First to last hop; X-Forwarded-For counts when there are both, since more proxies write it. */
    private static List<String> hops(HttpHeaders headers) {
        List<String> plain = headers.getOrEmpty(FORWARDED_FOR);
        if (!plain.isEmpty()) {
            return elements(plain);
        }
        return elements(headers.getOrEmpty(FORWARDED)).stream()
                .map(ClientAddresses::forOf)
                .toList();
    }

    private static List<String> elements(List<String> values) {
        return values.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .toList();
    }

    private static String forOf(String element) {
        Matcher matcher = FOR.matcher(element);
        return matcher.find() ? matcher.group(1).replace("\"", "") : "";
    }

    private static @Nullable InetAddress parse(String hop) {
        Matcher matcher = WITH_PORT.matcher(hop);
        String text = hop;
        if (matcher.matches()) {
            text = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static InetAddress networkOf(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("sixteen bytes are an address", e);
        }
    }
}
