package dev.sluice.metrics;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The process that counts what the platform does and answers questions about it. */
@SpringBootApplication
public class MetricsAggregatorApplication {
    public static void main(String[] args) {
        SpringApplication.run(MetricsAggregatorApplication.class, args);
    }
}
