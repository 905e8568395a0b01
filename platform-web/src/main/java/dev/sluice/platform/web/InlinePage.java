package dev.sluice.platform.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.server.ServerWebExchange;

/**
 * A page that needs nothing else, neither script nor image nor font from anywhere, with what its headers need: a content security policy that
 * lets its one style and its one script through, by hash. Immutable.
 */
public final class InlinePage {

    private static final String NONE = "'none'";

    private final byte[] html;
    private final String etag;
    private final String contentSecurityPolicy;

    private InlinePage(byte[] html) {
        this.html = html;
        String text = new String(html, StandardCharsets.UTF_8);
        this.etag = "\"" + sha256(text).substring(0, 22) + "\"";
        String script = hashOf(text, "script");
        this.contentSecurityPolicy = "default-src 'none'; img-src data:; style-src " + hashOf(text, "style")
                + (script.equals(NONE)
                        ? ""
                        : "; script-src " + script + "; connect-src 'self'; require-trusted-types-for 'script'")
                + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    /**
     * Reads a page.
     *
     * @param resource a file of the class path, in UTF-8, with at most one style and one script
     */
    public static InlinePage load(String resource) {
        try (InputStream in = InlinePage.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + resource);
            }
            return new InlinePage(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The page, or that it is the one which the caller has. */
    public ResponseEntity<byte[]> answer(ServerWebExchange exchange) {
        if (exchange.checkNotModified(etag)) {
            return ResponseEntity.status(304).build();
        }
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_TYPE, "text/html;charset=utf-8")
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .header("Content-Security-Policy", contentSecurityPolicy)
                .eTag(etag)
                .body(html.clone());
    }

    private static String hashOf(String html, String element) {
        int start = html.indexOf("<" + element + ">");
        if (start < 0) {
            return NONE;
        }
        int from = start + element.length() + 2;
        return "'sha256-" + sha256(html.substring(from, html.indexOf("</" + element + ">", from))) + "'";
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
