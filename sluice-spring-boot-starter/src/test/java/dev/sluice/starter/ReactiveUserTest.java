package dev.sluice.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.starter.key.ReactiveCurrentUser;
import java.security.Principal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Service;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** Who subscribes is whose entry it is, whatever thread makes the key. */
class ReactiveUserTest {

    private final ConfigurableApplicationContext application = new SpringApplicationBuilder(Shop.class)
            .web(WebApplicationType.NONE)
            .run();
    private final Carts carts = application.getBean(Carts.class);

    /** An application whose carts belong to users. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableCaching
    @Import(Carts.class)
    static class Shop {

        @Bean
        ReactiveCurrentUser shopUser() {
            return context -> Mono.justOrEmpty(context.<String>getOrEmpty("shop.user"));
        }
    }

    /** Counts how often it is asked. */
    @Service
    @CacheConfig(cacheNames = "carts", keyGenerator = "userKeyGenerator")
    public static class Carts {
        private final AtomicInteger asked = new AtomicInteger();
        private final List<Sinks.One<String>> saving = new CopyOnWriteArrayList<>();

        /** What has been begun, in this order. */
        public List<Sinks.One<String>> saving() {
            return saving;
        }

        @Cacheable
        public Mono<String> cart(long id) {
            return elsewhere().map(tick -> "cart " + asked.incrementAndGet());
        }

        @Cacheable(cacheNames = "lists")
        public Flux<String> all() {
            return elsewhere().flatMapMany(tick -> Flux.just("a", "b " + asked.incrementAndGet()));
        }

        @Cacheable
        public Mono<String> of(Principal user, long id) {
            return Mono.fromSupplier(() -> "cart " + asked.incrementAndGet());
        }

        @CachePut
        public Mono<String> save(long id) {
            return elsewhere().thenReturn("saved");
        }

        /** Ends when it is told to. */
        @CachePut
        public Mono<String> saveSlowly(long id) {
            Sinks.One<String> end = Sinks.one();
            saving.add(end);
            return end.asMono();
        }

        @CacheEvict
        public Mono<Void> changed(long id) {
            return elsewhere().then();
        }

        /** On a thread that knows of nobody. */
        private static Mono<Long> elsewhere() {
            return Mono.just(0L).publishOn(Schedulers.boundedElastic());
        }
    }

    @AfterEach
    void close() {
        SecurityContextHolder.clearContext();
        application.close();
    }

    @Test
    void eachHasAnEntryOfTheirOwn() {
        String ofAlice = as("alice", carts.cart(1));

        assertThat(as("alice", carts.cart(1))).isEqualTo(ofAlice);
        assertThat(as("bob", carts.cart(1))).isNotEqualTo(ofAlice);
        assertThat(as("alice", carts.cart(2))).isNotEqualTo(ofAlice);
    }

    /** One call may be subscribed to by many. */
    @Test
    void whoSubscribesCountsAndNotWhoCalls() {
        Mono<String> cart = carts.cart(1);

        assertThat(as("alice", cart)).isNotEqualTo(as("bob", cart));
        assertThat(as("alice", cart)).isEqualTo(as("alice", carts.cart(1)));
    }

    /** The keys are made when both have begun. */
    @Test
    void twoWhoSubscribeToOneCallAtOnceAreNotTakenForEachOther() {
        Mono<String> save = carts.saveSlowly(1);
        CompletableFuture<@Nullable String> alice = by("alice", save).toFuture();
        CompletableFuture<@Nullable String> bob = by("bob", save).toFuture();
        assertThat(carts.saving()).hasSize(2);

        carts.saving().getFirst().tryEmitValue("of alice").orThrow();
        carts.saving().getLast().tryEmitValue("of bob").orThrow();

        assertThat(alice.join()).isEqualTo("of alice");
        assertThat(bob.join()).isEqualTo("of bob");
        assertThat(as("alice", carts.cart(1))).isEqualTo("of alice");
        assertThat(as("bob", carts.cart(1))).isEqualTo("of bob");
    }

    @Test
    void streamsToo() {
        List<String> ofAlice = as("alice", carts.all().collectList());

        assertThat(ofAlice).hasSize(2);
        assertThat(as("alice", carts.all().collectList())).isEqualTo(ofAlice);
        assertThat(as("bob", carts.all().collectList())).isNotEqualTo(ofAlice);
    }

    /** Their keys are made at the end, on whatever thread that comes. */
    @Test
    void whatOneChangesIsTheirOwn() {
        String ofAlice = as("alice", carts.cart(1));
        String ofBob = as("bob", carts.cart(1));

        String _ = as("alice", carts.changed(1).thenReturn(""));
        assertThat(as("bob", carts.cart(1))).isEqualTo(ofBob);
        assertThat(as("alice", carts.cart(1))).isNotEqualTo(ofAlice);
        assertThat(as("alice", carts.save(1))).isEqualTo("saved");
        assertThat(as("alice", carts.cart(1))).isEqualTo("saved");
        assertThat(as("bob", carts.cart(1))).isEqualTo(ofBob);
    }

    @Test
    void theApplicationMaySayWhoItIs() {
        String ofAlice = as("alice", carts.cart(1));

        assertThat(carts.cart(1)
                        .contextWrite(context -> context.put("shop.user", "alice"))
                        .block())
                .isEqualTo(ofAlice);
    }

    @Test
    void whoIsKnownOtherwiseIsNotLookedFor() {
        String ofAlice = carts.of(() -> "alice", 1).block();
        assertThat(as("bob", carts.of(() -> "alice", 1))).isEqualTo(ofAlice);

        SecurityContextHolder.getContext().setAuthentication(login("alice"));
        Mono<String> cart = carts.cart(1);
        SecurityContextHolder.clearContext();
        assertThat(cart.block()).isEqualTo(as("alice", carts.cart(1)));
    }

    @Test
    void nobodyIsRefused() {
        assertThatThrownBy(() -> carts.cart(1).block())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nobody is authenticated");
        Authentication nobody =
                new AnonymousAuthenticationToken("key", "anonymous", AuthorityUtils.createAuthorityList("A"));
        assertThatThrownBy(() -> carts.cart(1)
                        .contextWrite(ReactiveSecurityContextHolder.withAuthentication(nobody))
                        .block())
                .isInstanceOf(IllegalStateException.class);
    }

    private static <T> T as(String user, Mono<T> asked) {
        return by(user, asked).blockOptional().orElseThrow();
    }

    private static <T> Mono<T> by(String user, Mono<T> asked) {
        return asked.contextWrite(ReactiveSecurityContextHolder.withAuthentication(login(user)));
    }

    private static Authentication login(String user) {
        return new UsernamePasswordAuthenticationToken(user, "", AuthorityUtils.NO_AUTHORITIES);
    }
}
