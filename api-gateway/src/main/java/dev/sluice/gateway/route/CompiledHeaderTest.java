package dev.sluice.gateway.route;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** What a header must be, made ready to be compared with requests. How long it takes tells nothing about a credential. */
final class CompiledHeaderTest {

    private final String name;
    private final @Nullable String value;
    private final byte @Nullable [] secret;

    CompiledHeaderTest(HeaderTest test) {
        this.name = test.name();
        this.value = test.value().orElse(null);
        this.secret = SecretHeaders.isSecret(test) ? test.value().orElse("").getBytes(StandardCharsets.UTF_8) : null;
    }

    boolean passes(HttpHeaders headers) {
        List<String> values = headers.getOrEmpty(name);
        if (secret != null) {
            return isAmong(values, secret);
        }
        return value == null ? !values.isEmpty() : values.contains(value);
    }

    /** Looks at all of them. */
    private static boolean isAmong(List<String> values, byte[] secret) {
        boolean found = false;
        for (String each : values) {
            found |= MessageDigest.isEqual(each.getBytes(StandardCharsets.UTF_8), secret);
        }
        return found;
    }
}
