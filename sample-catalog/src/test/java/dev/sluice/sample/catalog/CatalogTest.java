package dev.sluice.sample.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

class CatalogTest {

    @Test
    void worksWithoutAPlatformToo() throws InterruptedException {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(CatalogApplication.class)
                .web(WebApplicationType.NONE)
                .run("--catalog.origin-millis=0")) {
            Catalog catalog = context.getBean(Catalog.class);
            Product found = catalog.find(7);
            assertThat(catalog.find(7)).isEqualTo(found);
            assertThat(catalog.asked()).isEqualTo(1);
            catalog.change(7);
            assertThat(catalog.find(7)).isNotEqualTo(found);
            catalog.changeAll();
            assertThat(catalog.find(7).answer()).isEqualTo("one-3");
        }
    }
}
