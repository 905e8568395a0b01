package dev.sluice.starter.application;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.stereotype.Service;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An application as a user of the starter has it. */
@SpringBootApplication
@EnableCaching
public class CatalogApplication {

    /** A product. */
    public record Product(long id, @Nullable String name) {}

    /** Asks an origin that counts. */
    @Service
    public static class Catalog {
        private final AtomicInteger asked = new AtomicInteger();

        public int asked() {
            return asked.get();
        }

        @Cacheable("products")
        public Product find(long id) {
            return new Product(id, "made " + asked.incrementAndGet());
        }

        @Cacheable(cacheNames = "guardedProducts", sync = true)
        public Product findOnce(long id) {
            return new Product(id, "made " + asked.incrementAndGet());
        }

        @Cacheable("laterProducts")
        public Mono<Product> findLater(long id) {
            return Mono.fromSupplier(() -> new Product(id, "made " + asked.incrementAndGet()));
        }

        @Cacheable("allProducts")
        public Flux<Product> findAll(int count) {
            return Flux.range(0, count).map(id -> new Product(id, "made " + asked.incrementAndGet()));
        }

        @Cacheable(cacheNames = "futureProducts", sync = true)
        public CompletableFuture<Product> findInFuture(long id) {
            return CompletableFuture.supplyAsync(() -> new Product(id, "made " + asked.incrementAndGet()));
        }

        @Cacheable(cacheNames = "guardedProducts", sync = true)
        public Product fail(String key) {
            throw new IllegalArgumentException("no " + key + " " + asked.incrementAndGet());
        }

        @CachePut(cacheNames = "products", key = "#product.id")
        public Product save(Product product) {
            return product;
        }

        @CacheEvict("products")
        public void changed(long id) {}

        @CacheEvict(cacheNames = "laterProducts")
        public Mono<Void> changedLater(long id) {
            return Mono.empty();
        }

        @CacheEvict(cacheNames = "products", allEntries = true)
        public void changedAll() {}
    }
}
