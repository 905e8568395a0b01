package dev.sluice.benchmarks.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.SslProvider;

/** How receivers are spoken to, as properties of the JVM say: over TLS where there are keys for it, and then in HTTP/2 where that is offered. */
final class Tls {

    private static final @Nullable String KEYS = System.getProperty("receiver.keys");
    private static final char[] PASSWORD = "receiver".toCharArray();
    private static final boolean HTTP_2 = Boolean.getBoolean("receiver.http2");

    private Tls() {}

    static String scheme() {
        return KEYS == null ? "http" : "https";
    }

    static HttpServer of(HttpServer server) {
        if (KEYS == null) {
            return server;
        }
        KeyManagerFactory keys = keys(Path.of(KEYS));
        SslProvider.GenericSslContextSpec<?> speaking =
                HTTP_2 ? Http2SslContextSpec.forServer(keys) : Http11SslContextSpec.forServer(keys);
        HttpServer secure = server.secure(tls -> tls.sslContext(speaking));
        return HTTP_2 ? secure.protocol(HttpProtocol.H2, HttpProtocol.HTTP11) : secure;
    }

    static HttpClient of(HttpClient client) {
        return KEYS != null && HTTP_2
                ? client.protocol(HttpProtocol.H2, HttpProtocol.HTTP11).secure()
                : client;
    }

    /** Of the JDK's own client. */
    static java.net.http.HttpClient.Version version() {
        return KEYS != null && HTTP_2
                ? java.net.http.HttpClient.Version.HTTP_2
                : java.net.http.HttpClient.Version.HTTP_1_1;
    }

    /** For a process of the same receivers. */
    static List<String> flags() {
        return KEYS == null
                ? List.of()
                : Stream.of(
                                "receiver.keys",
                                "receiver.http2",
                                "javax.net.ssl.trustStore",
                                "javax.net.ssl.trustStorePassword")
                        .filter(name -> System.getProperty(name) != null)
                        .map(name -> "-D" + name + "=" + System.getProperty(name))
                        .toList();
    }

    private static KeyManagerFactory keys(Path path) {
        try (InputStream file = Files.newInputStream(path)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(file, PASSWORD);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            return keys;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("no keys of the receiver in " + path, e);
        }
    }
}
