package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.web.ClientAddress;
import dev.sluice.platform.web.IdentityToken;
import dev.sluice.record.AuditEntry;
import dev.sluice.schemas.RecordDecoder;
import dev.sluice.schemas.Topics;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** Who changed more than entries is on the audit log, and from where. */
class AuditTest extends CacheHttpScenario {

    private static final RecordDecoder<AuditEntry> DECODER = RecordDecoder.of(AuditEntry.class);

    @Test
    void saysWhoPutAndDeletedANamespace() {
        send(HttpMethod.PUT, "namespaces/audited", "{\"defaultTtl\": \"PT1M\"}")
                .expectStatus()
                .isCreated();
        send(HttpMethod.DELETE, "namespaces/audited", "").expectStatus().isNoContent();
        assertThat(audited()).extracting(AuditEntry::getAction).containsExactly("namespace.put", "namespace.delete");
        assertThat(audited()).allSatisfy(entry -> {
            assertThat(entry.getResource()).isEqualTo("namespace/audited");
            assertThat(entry.getActor()).isEqualTo("key-1");
            assertThat(entry.getTenant()).isEqualTo(tenant);
            assertThat(entry.getAddress()).isEqualTo("192.0.2.7");
        });
    }

    @Test
    void saysWhoPurgedAndHowMuchWasNamed() {
        send(HttpMethod.POST, "purge", "{\"namespace\": \"feed\", \"tags\": [\"a\", \"b\"], \"prefixes\": [\"user:\"]}")
                .expectStatus()
                .isAccepted();
        await().atMost(PATIENCE).until(() -> !audited().isEmpty());
        assertThat(audited()).singleElement().satisfies(entry -> {
            assertThat(entry.getAction()).isEqualTo("cache.purge");
            assertThat(entry.getResource()).isEqualTo("namespace/feed");
            assertThat(entry.getDetails())
                    .containsAllEntriesOf(Map.of("tags", "2", "prefixes", "1", "soft", "false"))
                    .containsKey("purge");
        });
    }

    @Test
    void saysNothingOfWhatWasRefused() {
        send(HttpMethod.PUT, "namespaces/audited", "{\"defaultTtl\": 7}")
                .expectStatus()
                .isBadRequest();
        send(HttpMethod.POST, "purge", "{}").expectStatus().isBadRequest();
        assertThat(audited()).isEmpty();
    }

    private List<AuditEntry> audited() {
        return producer.history().stream()
                .filter(record -> record.topic().equals(Topics.AUDIT.name()))
                .map(record -> DECODER.decode(record.value()))
                .toList();
    }

    private ResponseSpec send(HttpMethod method, String path, String body) {
        return client().method(method)
                .uri(URI.create("http://127.0.0.1:" + port + "/api/v1/cache/" + path))
                .header(IdentityToken.HEADER, token(tenant, "cache:read", "cache:write"))
                .header(ClientAddress.HEADER, "192.0.2.7")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange();
    }
}
