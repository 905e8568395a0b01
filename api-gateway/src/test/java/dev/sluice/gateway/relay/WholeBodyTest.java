package dev.sluice.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class WholeBodyTest {

    private final TestPublisher<ByteBuf> source = TestPublisher.create();
    private final ByteBuf first = piece("one,");
    private final ByteBuf second = piece("two");

    @Test
    void gathersThePiecesInOrder() {
        StepVerifier.create(new WholeBody(source).map(body -> {
                    String text = body.toString(StandardCharsets.UTF_8);
                    body.release();
                    return text;
                }))
                .then(() -> source.next(first, second).complete())
                .expectNext("one,two")
                .verifyComplete();
        assertThat(first.refCnt() + second.refCnt()).isZero();
    }

    @Test
    void passesOnePieceOnAsItIs() {
        StepVerifier.create(new WholeBody(Mono.just(first)))
                .assertNext(body -> assertThat(body).isSameAs(first))
                .verifyComplete();
    }

    @Test
    void isNothingWhenThereIsNothing() {
        StepVerifier.create(new WholeBody(Mono.empty())).verifyComplete();
    }

    @Test
    void givesThePiecesBackWhenTheRestFails() {
        StepVerifier.create(new WholeBody(source))
                .then(() -> source.next(first).error(new IllegalStateException("broken off")))
                .verifyErrorMessage("broken off");
        assertThat(first.refCnt()).isZero();
    }

    @Test
    void givesThePiecesBackWhenNobodyWantsThem() {
        StepVerifier.create(new WholeBody(source))
                .then(() -> source.next(first))
                .thenCancel()
                .verify();
        assertThat(first.refCnt()).isZero();
        source.assertCancelled();
    }

    private static ByteBuf piece(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }
}
