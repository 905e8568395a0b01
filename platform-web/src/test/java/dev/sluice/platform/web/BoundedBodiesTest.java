package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class BoundedBodiesTest {

    private final ByteBudget budget = new ByteBudget(15);
    private final BoundedBodies bodies = new BoundedBodies(budget, 10, Duration.ofSeconds(7), "send less");

    @Test
    void givesBodiesWholeAndTheirRoomBack() {
        assertThat(read(announced("0123456789"))).isEqualTo("0123456789");
        assertThat(read(MockServerHttpRequest.put("/").build())).isEmpty();
        assertThat(budget.used()).isZero();
    }

    @Test
    void holdsRoomUntilTheHandlerIsDone() {
        Sinks.Empty<String> handler = Sinks.empty();
        Disposable running =
                bodies.read(announced("0123456789"), body -> handler.asMono()).subscribe();
        assertThat(budget.used()).isEqualTo(10);
        assertThat(handler.tryEmitEmpty()).isEqualTo(Sinks.EmitResult.OK);
        assertThat(running.isDisposed()).isTrue();
        assertThat(budget.used()).isZero();
    }

    @Test
    void refusesWhatHasNoRoomAndTakesWhatHas() {
        Disposable running =
                bodies.read(announced("0123456789"), body -> Mono.never()).subscribe();
        assertProblem(announced("012345"), ProblemType.REDUCED_CAPACITY);
        assertProblem(chunked("0"), ProblemType.REDUCED_CAPACITY);
        assertThat(read(announced("01234"))).isEqualTo("01234");
        running.dispose();
        assertThat(read(announced("012345"))).isEqualTo("012345");
        assertThat(budget.used()).isZero();
    }

    @Test
    void refusesWhatIsTooLargeAnnouncedOrNot() {
        assertProblem(announced("0123456789a"), ProblemType.TOO_LARGE);
        assertProblem(chunked("0123456789a"), ProblemType.TOO_LARGE);
        assertThat(budget.used()).isZero();
    }

    @Test
    void givesUpWaitingForABodyAndItsRoomBack() {
        BoundedBodies impatient = new BoundedBodies(budget, 10, Duration.ofMillis(1), "send less");
        ServerHttpRequest stalled =
                MockServerHttpRequest.put("/").contentLength(5).body(Flux.never());
        assertThatThrownBy(() -> impatient.read(stalled, body -> Mono.just("")).block())
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.REQUEST_TIMEOUT));
        // Whoever waits hears of it a moment before.
        await().untilAsserted(() -> assertThat(budget.used()).isZero());
    }

    private String read(ServerHttpRequest request) {
        return String.valueOf(bodies.read(request, body -> Mono.just(new String(body, StandardCharsets.UTF_8)))
                .block());
    }

    private void assertProblem(ServerHttpRequest request, ProblemType type) {
        assertThatThrownBy(() -> read(request))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.type()).isEqualTo(type));
    }

    private static ServerHttpRequest announced(String text) {
        return MockServerHttpRequest.put("/").contentLength(text.length()).body(Flux.just(buffer(text)));
    }

    private static ServerHttpRequest chunked(String text) {
        return MockServerHttpRequest.put("/").body(Flux.just(buffer(text)));
    }

    private static DataBuffer buffer(String text) {
        return DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
