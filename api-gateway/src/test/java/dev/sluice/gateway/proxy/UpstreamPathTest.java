package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.route.Rewrite;
import dev.sluice.gateway.route.Rewrite.HostHeader;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamPathTest {

    @ParameterizedTest
    @CsvSource({
        "/shop/a?b=%20, , , /shop/a?b=%20",
        "/shop/a?b=%20, /shop, , /a?b=%20",
        "/shop, /shop, , /",
        "/shop?a=/b/c, /shop, , /?a=/b/c",
        "/shop/, /shop, , /",
        "/sh%6Fp/a%2Db, /shop, , /a%2Db",
        "/shop/eu/a, /shop/eu, , /a",
        "/shop/eu/a, /shop/eu/, , /a",
        "/shop/a, , /v2, /v2/shop/a",
        "/shop/a, /shop, /v2, /v2/a",
        "/shop/a, /shop, /v2/, /v2/a",
        "/shop, /shop, /v2, /v2",
        "/shop?x, /shop, /v2, /v2?x",
        "/a, , /, /a",
        "/, , /v2, /v2"
    })
    void changesOnlyPrefixes(String target, String strip, String add, String expected) {
        Rewrite rewrite = new Rewrite(Optional.ofNullable(strip), Optional.ofNullable(add), HostHeader.TARGET);
        assertThat(UpstreamPath.of(target, rewrite)).isEqualTo(expected);
    }
}
