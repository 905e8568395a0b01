package dev.sluice.metrics.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.metrics.encoding.MalformedBytesException;
import dev.sluice.platform.test.Randomness;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UsagePageTest {
    @Test
    void comesBackAsItWas() {
        Random random = Randomness.seeded();
        for (int i = 0; i < 500; i++) {
            UsagePage page = randomPage(random);
            assertThat(UsagePage.decode(page.encode())).isEqualTo(page);
        }
    }

    @Test
    void refusesEveryPrefixAndWhatFollows() {
        byte[] bytes = randomPage(new Random(1)).encode();
        for (int length = 0; length < bytes.length; length++) {
            byte[] prefix = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> UsagePage.decode(prefix)).isInstanceOf(MalformedBytesException.class);
        }
        assertThatThrownBy(() -> UsagePage.decode(Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(MalformedBytesException.class);
    }

    @Test
    void refusesASlotThatCannotBe() {
        UsagePage page = new UsagePage();
        page.add(5, UsageTally.NONE);
        byte[] bytes = page.encode();
        bytes[3] = 64;
        assertThatThrownBy(() -> UsagePage.decode(bytes)).hasMessageContaining("slot 64");
    }

    @Test
    void handsOutWhatIsToBeSentOnce() {
        UsagePage page = new UsagePage();
        UsagePage used = new UsagePage();
        used.add(30, one());
        used.add(0, one());
        page.merge(used);
        assertThat(page.isUnsent()).isFalse();
        page.sendLater(used);
        assertThat(UsagePage.decode(page.encode()).takeUnsent()).containsExactly(0, 30);
        assertThat(page.takeUnsent()).containsExactly(0, 30);
        assertThat(page.isUnsent()).isFalse();
        assertThat(page.takeUnsent()).isEmpty();
    }

    private static UsageTally one() {
        return new UsageTally(1, 0, 0, 0, 2, 3, 1);
    }

    private static UsagePage randomPage(Random random) {
        UsagePage page = new UsagePage();
        int slots = 1 + random.nextInt(60);
        for (int i = 0; i < slots; i++) {
            UsagePage used = new UsagePage();
            used.add(
                    random.nextInt(60),
                    new UsageTally(
                            random.nextInt(100),
                            random.nextInt(100),
                            random.nextInt(100),
                            random.nextInt(100),
                            random.nextLong() >>> (1 + random.nextInt(62)) >>> 8,
                            random.nextLong() >>> (1 + random.nextInt(62)) >>> 8,
                            random.nextInt(1_000_000)));
            page.merge(used);
            if (random.nextBoolean()) {
                page.sendLater(used);
            }
        }
        return page;
    }
}
