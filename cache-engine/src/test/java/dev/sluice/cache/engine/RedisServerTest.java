package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RedisServerTest {

    @Test
    void countsTheKeysOfAllDatabases() {
        RedisServer server = answering(Map.of(
                "db0", "keys=12,expires=3,avg_ttl=0", "db15", "keys=5", "dbs", "keys=9", "db1", "none", "used", "1"));

        assertThat(server.keys()).hasValue(17);
    }

    @Test
    void anEmptyServerHasNoKeysAndASilentOneSaysNothing() {
        assertThat(answering(Map.of()).keys()).hasValue(0);
        assertThat(RedisServer.silent("a:1").keys()).isEmpty();
        assertThat(RedisServer.silent("a:1").number("used_memory")).isEmpty();
        assertThat(RedisServer.silent("a:1").keyspaceHitRate()).isEmpty();
        assertThat(RedisServer.silent("a:1").isReplica()).isFalse();
    }

    @Test
    void takesForANumberOnlyWhatIsOne() {
        RedisServer server = answering(Map.of("a", "17", "b", "-1", "c", "1.5", "d", "9".repeat(30), "e", ""));

        assertThat(server.number("a")).hasValue(17);
        for (String field : new String[] {"b", "c", "d", "e", "f"}) {
            assertThat(server.number(field)).as(field).isEmpty();
        }
    }

    @Test
    void dividesWhatWasFoundByWhatWasLookedFor() {
        assertThat(answering(Map.of("keyspace_hits", "3", "keyspace_misses", "1"))
                        .keyspaceHitRate())
                .hasValue(0.75);
        assertThat(answering(Map.of("keyspace_hits", "0", "keyspace_misses", "0"))
                        .keyspaceHitRate())
                .isEmpty();
    }

    @Test
    void knowsAReplica() {
        assertThat(answering(Map.of("role", "slave")).isReplica()).isTrue();
        assertThat(answering(Map.of("role", "master")).isReplica()).isFalse();
    }

    private static RedisServer answering(Map<String, String> facts) {
        return new RedisServer("", true, facts);
    }
}
