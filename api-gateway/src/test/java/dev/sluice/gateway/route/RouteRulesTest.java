package dev.sluice.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.table.JsonTree;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class RouteRulesTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A field of a route as JSON, and the field that is told of. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "match": {"path": "/a", "hosts": ["Shop.example.com"]}          | match.hosts[0]
            "match": {"path": "/a", "hosts": ["a.test:80"]}                 | match.hosts[0]
            "match": {"path": "/a", "hosts": ["a.*.test"]}                  | match.hosts[0]
            "match": {"path": "/a", "hosts": ["a.test", "a.test"]}          | match.hosts[1]
            "match": {"path": "/a", "methods": ["TRACE"]}                   | match.methods
            "match": {"path": "/a", "headers": [{"name": "a b"}]}           | match.headers[0].name
            "match": {"path": "/a", "headers": [{"value": "x"}]}            | match.headers[0].name
            "match": {"path": "/actuator"}                                  | match.path
            "match": {"path": "/schema-registry/**"}                        | match.path
            "match": {"path": "/api/v1/{x}"}                                | match.path
            "match": {"path": "/"}                                          | match.path
            "match": {"path": 7}                                            | match.path
            "targets": []                                                   | targets
            "targets": [{"url": "http://a", "weight": 0}]                   | targets
            "targets": [{"url": "http://a/path"}]                           | targets[0].url
            "targets": [{"url": "http://u:p@a"}]                            | targets[0].url
            "targets": [{"url": "http://a?x"}]                              | targets[0].url
            "targets": [{"url": "http://a:0"}]                              | targets[0].url
            "targets": [{"url": "http://a:65536"}]                          | targets[0].url
            "targets": [{"url": "file:///etc/passwd"}]                      | targets[0].url
            "targets": [{"url": "http://a b"}]                              | targets[0].url
            "targets": [{"url": "http://a"}, {"url": "http://a"}]           | targets[1].url
            "targets": [{"url": "http://a"}, {"url": "http://a/"}]          | targets[1].url
            "targets": [{"url": "http://a//"}]                              | targets[0].url
            "targets": [{"url": "http://a/?"}]                              | targets[0].url
            "targets": [{"url": "http://a", "weight": 1001}]                | targets[0].weight
            "targets": [{"url": "http://a", "weight": 99999999999}]         | targets[0].weight
            "rewrite": {"stripPrefix": "/b"}                                | rewrite.stripPrefix
            "rewrite": {"stripPrefix": "/"}                                 | rewrite.stripPrefix
            "rewrite": {"addPrefix": "/v2/"}                                | rewrite.addPrefix
            "rewrite": {"addPrefix": "/v2/../x"}                            | rewrite.addPrefix
            "rewrite": {"addPrefix": "/a?b"}                                | rewrite.addPrefix
            "rewrite": {"host": "mine"}                                     | rewrite.host
            "requestHeaders": {"set": {"Content-Length": "1"}}              | requestHeaders.set.Content-Length
            "requestHeaders": {"add": {"transfer-encoding": "x"}}           | requestHeaders.add.transfer-encoding
            "requestHeaders": {"remove": ["Connection"]}                    | requestHeaders.remove.Connection
            "requestHeaders": {"set": {"X-Sluice-Identity": "x"}}           | requestHeaders.set.X-Sluice-Identity
            "responseHeaders": {"set": {"X-A": "a\\r\\nX-B: b"}}            | responseHeaders.set.X-A
            "responseHeaders": {"set": {"X-A": "ä"}}                        | responseHeaders.set.X-A
            "responseHeaders": {"set": {"X\\nA": "a"}}                      | responseHeaders.set.?
            "timeouts": {"connect": "0s"}                                   | timeouts.connect
            "timeouts": {"connect": "61s"}                                  | timeouts.connect
            "timeouts": {"firstByte": "11m"}                                | timeouts.firstByte
            "timeouts": {"idle": "-1s"}                                     | timeouts.idle
            "timeouts": {"total": "25h"}                                    | timeouts.total
            "retry": {"attempts": 0}                                        | retry.attempts
            "retry": {"attempts": 11}                                       | retry.attempts
            "retry": {"onStatus": [200]}                                    | retry.onStatus
            "retry": {"backoff": "11s"}                                     | retry.backoff
            "breaker": {"failureRatio": 0}                                  | breaker.failureRatio
            "breaker": {"failureRatio": 1.1}                                | breaker.failureRatio
            "breaker": {"minimumCalls": 0}                                  | breaker.minimumCalls
            "breaker": {"openFor": "2h"}                                    | breaker.openFor
            "health": {"path": "health"}                                    | health.path
            "health": {"interval": "50ms"}                                  | health.interval
            "health": {"timeout": "0ms"}                                    | health.timeout
            "health": {"unhealthyAfter": 0}                                 | health.unhealthyAfter
            "health": {"healthyAfter": 101}                                 | health.healthyAfter
            "limitGroup": "*"                                               | limitGroup
            "limitGroup": "mine"                                            | limitGroup
            "cost": -1                                                      | cost
            "cost": 1.5                                                     | cost
            "access": "everybody"                                           | access
            "scopes": ["root"]                                              | scopes
            "access": "anonymous", "scopes": ["admin"]                      | scopes
            "maxConnections": 0                                             | maxConnections
            "maxBodyBytes": -1                                              | maxBodyBytes
            "cache": []                                                     | cache
            "cache": {"ttl": "1s"}                                          | cache.ttl
            "cache": {"share": "nobody"}                                    | cache.share
            "access": "anonymous", "cache": {"share": "tenant"}             | cache.share
            "cache": {"setCookie": true}                                    | cache.setCookie
            "cache": {"defaultTtl": "721h"}                                 | cache.defaultTtl
            "cache": {"maxTtl": "0s"}                                       | cache.maxTtl
            "cache": {"staleWhileRevalidate": "5"}                          | cache.staleWhileRevalidate
            "cache": {"staleIfError": "-1s"}                                | cache.staleIfError
            "cache": {"maxBodyBytes": 8388609}                              | cache.maxBodyBytes
            "id": "other"                                                   | id
            """)
    void tellsTheFieldThatIsWrong(String field, String told) {
        assertThat(faults(field)).extracting(RouteFault::field).containsExactly(told);
    }

    @Test
    void aSlashAtTheEndOfATargetIsTheSameAsNone() {
        assertThat(faults("\"targets\": [{\"url\": \"https://a:8443/\"}]")).isEmpty();
        assertThat(read("\"targets\": [{\"url\": \"https://a:8443/\"}]").route().targets())
                .containsExactly(new Target(URI.create("https://a:8443"), 1));
    }

    @Test
    void theUsualRouteHasNoFault() {
        assertThat(faults("\"cost\": 1")).isEmpty();
        assertThat(RouteRules.check(TestRoutes.route("a", "/a/{b}/**"))).isEmpty();
        assertThat(RouteRules.check(TestRoutes.onHost("a", "*.example.com", "/")))
                .isEmpty();
        assertThat(RouteRules.check(TestRoutes.route("A b", "/a")))
                .extracting(RouteFault::field)
                .containsExactly("id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "/a/",
                "//",
                "/a//b",
                "/a/..",
                "/./a",
                "/a%20b",
                "/a?b",
                "/a;b",
                "/a#b",
                "/a\\b",
                "/a*",
                "/*",
                "/**/a",
                "/{}",
                "/{a",
                "/a}",
                "/x{a}",
                "/{a}y",
                "/{1}",
                "/{a b}",
                "/{a}/{a}",
                "/\u0000",
                "/\ud800"
            })
    void refusesPathsThatCanNeverBeAskedFor(String path) {
        assertThat(PathPattern.findFault(path)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/**", "/a", "/a/**", "/{a}", "/{a}/b/{c_1}/**", "/ä ö", "/a.b-c_d~", "/😀"})
    void takesOtherPaths(String path) {
        assertThat(PathPattern.findFault(path)).isEmpty();
    }

    private static List<RouteFault> faults(String field) {
        return read(field).faults();
    }

    private static RouteReader.Reading read(String field) {
        Map<String, Object> document = new HashMap<>(TestRoutes.document("/a"));
        @SuppressWarnings("unchecked") // JSON objects are maps of texts.
        Map<String, Object> more = (Map<String, Object>) JsonTree.of(JSON.readTree("{" + field + "}"));
        document.putAll(Objects.requireNonNull(more));
        return RouteReader.read("a", document, Spelling.CAMEL_CASE);
    }
}
