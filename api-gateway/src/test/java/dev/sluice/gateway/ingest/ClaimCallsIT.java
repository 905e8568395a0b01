package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.ingest.ClaimCalls.Question;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.publisher.Flux;

/** What waits leaves together, and each gets its own answer. */
class ClaimCallsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MANY = 500;
    private static final String WINDOW = "600000";
    private static final IsolatedRedis REDIS = LocalRedis.newIsolated();
    private static final LettuceConnectionFactory FACTORY = connect();
    private static final ReactiveStringRedisTemplate TEMPLATE = new ReactiveStringRedisTemplate(FACTORY);

    private final ClaimCalls calls = new ClaimCalls(TEMPLATE, PATIENCE);
    private final String tenant = "ingest:{" + UUID.randomUUID() + "}:k";

    @AfterAll
    static void stop() {
        FACTORY.destroy();
        REDIS.close();
    }

    @Test
    void manyTakeFewCallsAndEachGetsItsOwnAnswer() {
        assertThat(calls.ask(claim(-1)).block(PATIENCE)).containsExactly("granted");
        long before = scripts();
        List<List<String>> completed =
                all(IntStream.range(0, MANY).mapToObj(this::complete).toList());
        assertThat(completed).hasSize(MANY).containsOnly(List.of("done"));

        List<Integer> order =
                new ArrayList<>(IntStream.range(0, 2 * MANY).boxed().toList());
        Collections.shuffle(order, new Random(3));
        List<List<String>> answers = all(order.stream().map(this::claim).toList());

        for (int i = 0; i < order.size(); i++) {
            int number = order.get(i);
            assertThat(answers.get(i))
                    .isEqualTo(
                            number < MANY
                                    ? List.of("complete", "event-" + number, "3", Integer.toString(number))
                                    : List.of("granted"));
        }
        // The first two leave alone, the others a hundred together: of 500 completions 2 and 5, of 1,000 claims 2 and
        // 10; and one before each.
        assertThat(scripts() - before).isEqualTo(19 + 2);
    }

    @Test
    void aListLeavesTogether() {
        List<Question> some = IntStream.range(0, 60).mapToObj(this::claim).toList();
        List<Question> more = IntStream.range(60, 100).mapToObj(this::claim).toList();
        List<Question> last = IntStream.range(50, 110).mapToObj(this::claim).toList();
        connected();
        long before = scripts();
        REDIS.pause();
        // The first two leave alone, of the others those that are a hundred together.
        List<CompletableFuture<List<List<String>>>> asked = Stream.of(
                        List.of(complete(0)), List.of(complete(99)), some, more, last)
                .map(list -> calls.ask(list).toFuture().thenApply(Objects::requireNonNull))
                .toList();
        REDIS.resume();
        List<List<List<String>>> answers = asked.stream()
                .map(each ->
                        each.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join())
                .toList();
        assertThat(answers).extracting(List::size).containsExactly(1, 1, 60, 40, 60);
        assertThat(answers.get(2).getFirst()).containsExactly("complete", "event-0", "3", "0");
        assertThat(answers.get(2).subList(1, 60)).containsOnly(List.of("granted"));
        assertThat(answers.get(3).getLast()).containsExactly("complete", "event-99", "3", "99");
        assertThat(scripts() - before).isEqualTo(4);
    }

    @Test
    void tenantsHaveCallsOfTheirOwn() {
        List<Question> questions = IntStream.range(0, 50)
                .mapToObj(i -> new Question("ingest:{" + UUID.randomUUID() + "}:k", claim(i).arguments()))
                .toList();
        long before = scripts();
        assertThat(all(questions)).hasSize(50).containsOnly(List.of("granted"));
        assertThat(scripts() - before)
                .as("those of two tenants lie in two slots")
                .isEqualTo(50 + 1);
    }

    @Test
    void afterAFailureItGoesOn() {
        String broken = tenant + "broken";
        assertThat(TEMPLATE.opsForValue().set(broken, "no hash").block(PATIENCE))
                .isTrue();
        Question question = new Question(broken, claim(0).arguments());
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> calls.ask(question).block(PATIENCE)).hasStackTraceContaining("WRONGTYPE");
        }
        assertThat(calls.ask(claim(1)).block(PATIENCE)).containsExactly("granted");
    }

    /** All are asked before Redis answers the first. */
    private List<List<String>> all(List<Question> questions) {
        connected();
        REDIS.pause();
        CompletableFuture<@Nullable List<List<String>>> answers = Flux.fromIterable(questions)
                .flatMapSequential(calls::ask, questions.size(), 1)
                .collectList()
                .toFuture();
        REDIS.resume();
        return Objects.requireNonNull(
                answers.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
    }

    private void connected() {
        assertThat(calls.ask(new Question("connected", List.of("give-up", "nobody")))
                        .block(PATIENCE))
                .containsExactly("done");
    }

    private Question claim(int number) {
        return new Question(tenant + number, List.of("claim", "f", "me", "1", "event-" + number, "30000", WINDOW));
    }

    private Question complete(int number) {
        return new Question(
                tenant + number, List.of("complete", "f", "event-" + number, "3", Integer.toString(number), WINDOW));
    }

    /** How many scripts that Redis has run. */
    private static long scripts() {
        Properties stats = Objects.requireNonNull(
                TEMPLATE.execute(connection -> connection.serverCommands().info("commandstats"))
                        .blockFirst(PATIENCE));
        return Stream.of("eval", "evalsha")
                .map(name -> stats.getProperty("cmdstat_" + name, "calls=0,"))
                .mapToLong(text -> Long.parseLong(text.substring("calls=".length(), text.indexOf(','))))
                .sum();
    }

    private static LettuceConnectionFactory connect() {
        LettuceConnectionFactory factory =
                new LettuceConnectionFactory(new RedisStandaloneConfiguration(REDIS.host(), REDIS.port()));
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }
}
