package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

class BatchAnswerTest {

    private static final Outcome TAKEN =
            new Outcome.Taken(new EventReceipt("e-1", "/shop", "sluice.events", 3, 7), Check.NEW);
    private static final Outcome UNTYPED = refused(ProblemException.ofFields(
            ProblemType.MISSING_FIELD, List.of(new FieldError("a/b~", "missing_field", "Say it."))));

    @Test
    void saysWhereEachEventStandsWhenAllWereTaken() {
        BatchAnswer answer = BatchAnswer.of(List.of(TAKEN, TAKEN));
        assertThat(answer.status()).isEqualTo(HttpStatus.ACCEPTED);
        assertThat(answer.retryAfter()).isZero();
        JsonNode body = json(answer);
        assertThat(body.path("accepted").asInt()).isEqualTo(2);
        assertThat(body.path("refused").asInt()).isZero();
        assertThat(body.path("results").path(1).toString())
                .isEqualTo("{\"status\":202,\"id\":\"e-1\",\"source\":\"/shop\",\"topic\":\"sluice.events\","
                        + "\"partition\":3,\"offset\":7}");
    }

    @Test
    void pointsAtWhatWasRefused() {
        BatchAnswer answer = BatchAnswer.of(List.of(TAKEN, UNTYPED, refused(overloaded())));
        assertThat(answer.status()).isEqualTo(HttpStatus.MULTI_STATUS);
        assertThat(answer.retryAfter()).isEqualTo(1);
        JsonNode body = json(answer);
        assertThat(body.path("accepted").asInt()).isEqualTo(1);
        assertThat(body.path("refused").asInt()).isEqualTo(2);
        JsonNode untyped = body.path("results").path(1);
        assertThat(untyped.path("status").asInt()).isEqualTo(400);
        assertThat(untyped.path("pointer").asString()).isEqualTo("/1/a~1b~0");
        assertThat(untyped.path("problem").path("code").asString()).isEqualTo("missing_field");
        assertThat(untyped.path("problem").path("errors").path(0).path("field").asString())
                .isEqualTo("a/b~");
        assertThat(body.path("results").path(2).path("pointer").asString()).isEqualTo("/2");
    }

    @Test
    void refusesTheWholeWhenAllWereRefusedAlike() {
        ProblemException problem = catchThrowableOfType(
                ProblemException.class, () -> BatchAnswer.of(List.of(refused(overloaded()), refused(overloaded()))));
        assertThat(problem.type()).isEqualTo(ProblemType.REDUCED_CAPACITY);
        assertThat(problem.headers()).containsEntry("Retry-After", "1");
        assertThat(problem.extensions()).containsKey("results");
    }

    @Test
    void leavesTheStatusToTheItemsWhenAllWereRefusedForDifferentReasons() {
        BatchAnswer answer = BatchAnswer.of(List.of(UNTYPED, refused(overloaded())));
        assertThat(answer.status()).isEqualTo(HttpStatus.MULTI_STATUS);
        assertThat(json(answer).path("accepted").asInt()).isZero();
    }

    private static Outcome refused(ProblemException problem) {
        return new Outcome.Refused(problem);
    }

    private static ProblemException overloaded() {
        return IngestFailures.overloaded();
    }

    private static JsonNode json(BatchAnswer answer) {
        StrictJson json = new StrictJson();
        return json.readTree(json.write(answer.body()));
    }
}
