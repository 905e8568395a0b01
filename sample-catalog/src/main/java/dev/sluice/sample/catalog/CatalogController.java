package dev.sluice.sample.catalog;

import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Products over HTTP. Its methods run on virtual threads, which may wait. */
@RestController
class CatalogController {

    private final Catalog catalog;

    CatalogController(Catalog catalog) {
        this.catalog = catalog;
    }

    @GetMapping("/products/{id}")
    Product find(@PathVariable long id) throws InterruptedException {
        return catalog.find(id);
    }

    /** Forgets what is cached, as a change of the product would. */
    @DeleteMapping("/products/{id}/cached")
    String change(@PathVariable long id) {
        catalog.change(id);
        return "changed";
    }

    @DeleteMapping("/products/cached")
    String changeAll() {
        catalog.changeAll();
        return "changed";
    }

    @GetMapping("/asked")
    int asked() {
        return catalog.asked();
    }
}
