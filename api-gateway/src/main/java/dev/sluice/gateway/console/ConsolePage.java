package dev.sluice.gateway.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The page with what its headers need: a content security policy that lets its one style through, by hash. */
final class ConsolePage {

    private static final String RESOURCE = "/console/index.html";

    private final byte[] html;
    private final String etag;
    private final String contentSecurityPolicy;

    private ConsolePage(byte[] html) {
        this.html = html;
        String text = new String(html, StandardCharsets.UTF_8);
        this.etag = "\"" + sha256(text).substring(0, 22) + "\"";
        this.contentSecurityPolicy = "default-src 'none'; img-src data:; style-src 'sha256-" + sha256(styleOf(text))
                + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    static ConsolePage load() {
        try (InputStream in = ConsolePage.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + RESOURCE);
            }
            return new ConsolePage(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] html() {
        return html.clone();
    }

    String etag() {
        return etag;
    }

    String contentSecurityPolicy() {
        return contentSecurityPolicy;
    }

    private static String styleOf(String html) {
        int start = html.indexOf("<style>") + "<style>".length();
        return html.substring(start, html.indexOf("</style>", start));
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
