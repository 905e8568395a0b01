package dev.sluice.platform.web;

import java.util.Map;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The smallest service that could be. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(ProbeApplication.Probe.class)
class ProbeApplication {

    record Thing(String name) {}

    @RestController
    static class Probe {

        private final StrictJson json;

        Probe(StrictJson json) {
            this.json = json;
        }

        @GetMapping("/things/{id}")
        Map<String, String> thing(@PathVariable String id) {
            return Map.of("id", id);
        }

        @PostMapping(path = "/things", consumes = MediaType.APPLICATION_JSON_VALUE)
        Map<String, String> add(@RequestBody byte[] body) {
            return Map.of("name", json.read(body, Thing.class).name());
        }

        /** Has a limit of its own, and refuses without reading. */
        @PostMapping("/things/unread")
        Mono<Void> refuse() {
            return Mono.error(new ProblemException(ProblemType.TOO_LARGE, "Send less.")
                    .withHeader(HttpHeaders.CONNECTION, "close"));
        }

        @GetMapping("/elsewhere")
        Mono<Map<String, String>> elsewhere() {
            return Mono.fromSupplier(() -> Map.of("found", "on another thread"))
                    .subscribeOn(Schedulers.boundedElastic());
        }

        @GetMapping("/broken")
        String broken() {
            throw new IllegalStateException("a secret detail");
        }
    }
}
