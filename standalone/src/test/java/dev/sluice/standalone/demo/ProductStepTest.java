package dev.sluice.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.standalone.demo.DemoTarget.Company;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProductStepTest {

    @Test
    void passesWhenTheProductServesWhatWasAdmitted() throws IOException {
        try (FakeRoutingGateway gateway = new FakeRoutingGateway(FakeRoutingGateway.FREE_QUOTA)) {
            List<Check> checks = run(gateway);
            assertThat(checks).allMatch(Check::passed);
            assertThat(checks.stream().map(Check::figure))
                    .contains("10 admitted, then 429, quota [10]", "12 admitted, quota [50]", "46 of 46");
        }
    }

    @Test
    void passesWhenTheQuotaWasUsedUpBefore() throws IOException {
        try (FakeRoutingGateway gateway = new FakeRoutingGateway(0)) {
            assertThat(run(gateway)).allMatch(Check::passed);
        }
    }

    @Test
    void failsWhenFreeIsNeverRefused() throws IOException {
        try (FakeRoutingGateway gateway = new FakeRoutingGateway(1_000)) {
            assertThat(failed(gateway))
                    .containsExactly("free: readings within its daily quota", "free was refused by its daily quota");
        }
    }

    @Test
    void failsWhenAKeyReachesTheProduct() throws IOException {
        try (FakeRoutingGateway gateway = new FakeRoutingGateway(FakeRoutingGateway.FREE_QUOTA)) {
            gateway.handOnKeys();
            assertThat(failed(gateway)).containsExactly("no API key reached the product");
        }
    }

    private static List<String> failed(FakeRoutingGateway gateway) {
        return run(gateway).stream()
                .filter(check -> !check.passed())
                .map(Check::name)
                .toList();
    }

    private static List<Check> run(FakeRoutingGateway gateway) {
        DemoTarget target = new DemoTarget(
                gateway.address(),
                Map.of(),
                Map.of(
                        "dev-free", "slk_f",
                        "dev-basic", "slk_b",
                        "dev-premium", "slk_p",
                        "dev-unlimited", "slk_u",
                        "sluice", "slk_a"),
                () -> 0,
                () -> true,
                Company.ALONE);
        return new ProductStep(target, "product").run();
    }
}
