package dev.sluice.gateway.responsecache;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Sinks;

class BodyCopyTest {

    private static final OptionalLong UNTOLD = OptionalLong.empty();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CopyBudget budget = new CopyBudget(10, meters);
    private final List<String> whole = new ArrayList<>();
    private final List<Landing.Kind> broken = new ArrayList<>();

    /** A body that comes piece by piece. */
    private final class Body {

        private final Sinks.Many<ByteBuf> pieces = Sinks.many().unicast().onBackpressureBuffer();
        private final Disposable reading;

        Body(long maxBytes, OptionalLong announced) {
            reading = new BodyCopy(
                            budget,
                            maxBytes,
                            announced,
                            bytes -> whole.add(new String(bytes, StandardCharsets.US_ASCII)),
                            how -> broken.add(how.kind()))
                    .of(pieces.asFlux())
                    .subscribe(ByteBuf::release, failure -> {});
        }

        void comes(String piece) {
            pieces.emitNext(
                    Unpooled.copiedBuffer(piece, StandardCharsets.US_ASCII), Sinks.EmitFailureHandler.FAIL_FAST);
        }

        void ends() {
            pieces.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
        }

        void breaksOff() {
            pieces.emitError(new IllegalStateException("broken"), Sinks.EmitFailureHandler.FAIL_FAST);
        }

        void isLeft() {
            reading.dispose();
        }
    }

    @Test
    void handsOnWhatIsWhole() {
        Body body = new Body(10, UNTOLD);
        body.comes("ab");
        body.comes("cd");
        assertThat(whole).isEmpty();
        body.ends();
        assertThat(whole).containsExactly("abcd");
        assertThat(broken).isEmpty();
        assertThat(budget.taken()).isZero();
    }

    @Test
    void doesNotWaitForTheEndOfWhatIsAsLongAsItSaid() {
        Body body = new Body(10, OptionalLong.of(4));
        body.comes("abcd");
        assertThat(whole).containsExactly("abcd");
        body.ends();
        assertThat(whole).hasSize(1);
        assertThat(budget.taken()).isZero();
    }

    @Test
    void forgetsWhatIsShorterThanItSaid() {
        Body body = new Body(10, OptionalLong.of(4));
        body.comes("abc");
        body.ends();
        assertThat(whole).isEmpty();
        assertThat(broken).containsExactly(Landing.Kind.ABANDONED);
        assertThat(budget.taken()).isZero();
    }

    @Test
    void givesItsRoomBackHoweverItEnds() {
        Body tooLong = new Body(3, UNTOLD);
        tooLong.comes("ab");
        assertThat(budget.taken()).isEqualTo(2);
        tooLong.comes("cd");
        assertThat(budget.taken()).isZero();
        Body failing = new Body(10, UNTOLD);
        failing.comes("ab");
        failing.breaksOff();
        Body left = new Body(10, UNTOLD);
        left.comes("ab");
        left.isLeft();
        assertThat(whole).isEmpty();
        assertThat(broken).containsExactly(Landing.Kind.NOT_SHARED, Landing.Kind.FAILED, Landing.Kind.ABANDONED);
        assertThat(budget.taken()).isZero();
    }

    @Test
    void forgetsABodyForWhichThereIsNoRoomBesideTheOthers() {
        Body first = new Body(100, UNTOLD);
        Body second = new Body(100, UNTOLD);
        first.comes("123456");
        second.comes("1234");
        second.comes("5");
        assertThat(broken).containsExactly(Landing.Kind.NOT_SHARED);
        assertThat(budget.taken()).isEqualTo(6);
        second.comes("6");
        first.comes("7890");
        first.ends();
        second.ends();
        assertThat(whole).containsExactly("1234567890");
        assertThat(budget.taken()).isZero();
        assertThat(meters.get("sluice.responsecache.copies.refused").counter().count())
                .isEqualTo(1);
        Body third = new Body(100, UNTOLD);
        third.comes("0123456789");
        third.ends();
        assertThat(whole).hasSize(2);
    }
}
