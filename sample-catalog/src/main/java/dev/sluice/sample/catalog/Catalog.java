package dev.sluice.sample.catalog;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/** The products. The origin stands for a database that takes its time. */
@Service
public class Catalog {

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private final AtomicInteger asked = new AtomicInteger();
    private final String instance;
    private final long originMillis;

    /** One that is told its instance and how slow its origin is. */
    public Catalog(
            @Value("${catalog.instance:one}") String instance,
            @Value("${catalog.origin-millis:50}") long originMillis) {
        this.instance = instance;
        this.originMillis = originMillis;
    }

    /** One caller of all instances asks the origin; the others wait for its answer. */
    @Cacheable(cacheNames = "products", sync = true)
    public Product find(long id) throws InterruptedException {
        boolean _ = NEVER.await(originMillis, TimeUnit.MILLISECONDS);
        return new Product(id, "Product " + id, instance + "-" + asked.incrementAndGet());
    }

    /** All instances ask the origin again. */
    @CacheEvict("products")
    public void change(long id) {}

    /** All instances ask the origin again, for every product. */
    @CacheEvict(cacheNames = "products", allEntries = true)
    public void changeAll() {}

    /** How often this instance's origin was asked. */
    public int asked() {
        return asked.get();
    }
}
