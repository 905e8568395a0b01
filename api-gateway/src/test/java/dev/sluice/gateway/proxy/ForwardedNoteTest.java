package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class ForwardedNoteTest {

    private static final InetAddress PEER = InetAddress.ofLiteral("192.0.2.7");
    private static final HttpHeaders CALLER = new DefaultHttpHeaders()
            .add("Forwarded", "for=203.0.113.1;proto=https")
            .add("X-Forwarded-For", "203.0.113.1")
            .add("X-Forwarded-For", "203.0.113.2")
            .add("X-Forwarded-Proto", "https")
            .add("X-Forwarded-Host", "shop.example.com")
            .add("X-Forwarded-Port", "443")
            .add("X-Forwarded-Prefix", "/eu")
            .add("X-Real-IP", "203.0.113.1");

    @Test
    void saysWhatTheGatewaySeesWhenNobodyIsTrusted() {
        HttpHeaders to = written(new ForwardedNote(PEER, /* trusted= */ false, "http", "a:8080"), CALLER);
        assertThat(to.getAll("Forwarded")).containsExactly("for=192.0.2.7;host=\"a:8080\";proto=http");
        assertThat(to.getAll("X-Forwarded-For")).containsExactly("192.0.2.7");
        assertThat(to.getAll("X-Forwarded-Proto")).containsExactly("http");
        assertThat(to.getAll("X-Forwarded-Host")).containsExactly("a:8080");
        assertThat(to.size()).isEqualTo(4);
    }

    @Test
    void extendsWhatATrustedProxySays() {
        HttpHeaders to = written(new ForwardedNote(PEER, /* trusted= */ true, "http", "a"), CALLER);
        assertThat(to.getAll("Forwarded"))
                .containsExactly("for=203.0.113.1;proto=https, for=192.0.2.7;host=\"a\";proto=http");
        assertThat(to.getAll("X-Forwarded-For")).containsExactly("203.0.113.1, 203.0.113.2, 192.0.2.7");
        assertThat(to.getAll("X-Forwarded-Proto")).containsExactly("https");
        assertThat(to.getAll("X-Forwarded-Host")).containsExactly("shop.example.com");
        assertThat(to.getAll("X-Forwarded-Port")).containsExactly("443");
        assertThat(to.getAll("X-Forwarded-Prefix")).containsExactly("/eu");
        assertThat(to.getAll("X-Real-IP")).containsExactly("203.0.113.1");
    }

    @Test
    void needsNothingFromATrustedProxy() {
        HttpHeaders to = written(new ForwardedNote(PEER, /* trusted= */ true, "https", "a"), new DefaultHttpHeaders());
        assertThat(to.getAll("Forwarded")).containsExactly("for=192.0.2.7;host=\"a\";proto=https");
        assertThat(to.get("X-Forwarded-Proto")).isEqualTo("https");
        assertThat(to.contains("X-Real-IP")).isFalse();
    }

    @Test
    void putsAnAddressOfVersionSixInBrackets() {
        InetAddress peer = InetAddress.ofLiteral("2001:db8::1");
        HttpHeaders to = written(new ForwardedNote(peer, false, "http", "a"), new DefaultHttpHeaders());
        assertThat(to.get("Forwarded")).isEqualTo("for=\"[2001:db8:0:0:0:0:0:1]\";host=\"a\";proto=http");
        assertThat(to.get("X-Forwarded-For")).isEqualTo("2001:db8:0:0:0:0:0:1");
    }

    @Test
    void saysThatAnAddressIsNotKnown() {
        HttpHeaders to = written(new ForwardedNote(null, false, "http", "a"), CALLER);
        assertThat(to.get("Forwarded")).isEqualTo("for=unknown;host=\"a\";proto=http");
        assertThat(to.get("X-Forwarded-For")).isEqualTo("unknown");
    }

    private static HttpHeaders written(ForwardedNote note, HttpHeaders caller) {
        HttpHeaders to = new DefaultHttpHeaders();
        note.write(caller, to);
        return to;
    }
}
