package dev.sluice.gateway.eventtype;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.EventType;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;

class EventTypesTest {

    private static final TypeName ORDER = new TypeName("acme", "order.created");

    private final FakeLogTable<EventType> log = FakeLogTable.unread();
    private final EventTypeProperties properties = new EventTypeProperties(List.of("strict"), 4);
    private final EventTypeTable table = new EventTypeTable(log);
    private final EventTypes types = new EventTypes(table, properties, new StrictJson(), FakeClock.fixed());
    private final EventDataChecks checks = new EventDataChecks(table, properties);

    @Test
    void addsAVersionWithEveryChange() {
        log.load();
        assertThat(put(ORDER, "{'type':'string'}").outcome()).isEqualTo(EventTypes.Outcome.CREATED);
        assertThat(put(ORDER, "{'type':'string'}").outcome()).isEqualTo(EventTypes.Outcome.UNCHANGED);
        EventTypes.Stored wider = put(ORDER, "{'type':['string','null']}");
        assertThat(wider.outcome()).isEqualTo(EventTypes.Outcome.CHANGED);
        assertThat(wider.entry().versions()).containsExactly(1, 2);
        assertThat(types.find(ORDER).type().getVersion()).isEqualTo(2);
        assertThat(types.find(ORDER, 1).type().getJsonSchema()).isEqualTo("{\"type\":\"string\"}");
        assertThat(types.list("acme", "", 10)).hasSize(1);
        assertThat(types.list("acme", "order.created", 10)).isEmpty();
        assertThat(types.list("other", "", 10)).isEmpty();
    }

    @Test
    void refusesAVersionThatTakesLessUnlessToldThatItMay() {
        log.load();
        put(ORDER, "{'properties':{'a':{'type':'number'}}}");
        ProblemException refused = Objects.requireNonNull(refusal("{'properties':{'a':{'type':'string'}}}", null));
        assertThat(refused.type().status()).isEqualTo(409);
        assertThat(refused.type().code()).isEqualTo("incompatible_schema");
        assertThat(refused.field()).isEqualTo("/schema/properties/a/type");
        assertThat(refusal("{'properties':{'a':{'type':'string'}}}", "none")).isNull();
        assertThat(Objects.requireNonNull(refusal("{}", "forward")).field()).isEqualTo("compatibility");
    }

    @Test
    void writesOnlyOverTheStateThatWasMeant() {
        log.load();
        String tag = put(ORDER, "true").entry().entityTag();
        HttpHeaders fresh = new HttpHeaders();
        fresh.setIfMatch(tag);
        HttpHeaders none = new HttpHeaders();
        none.setIfNoneMatch("*");
        assertThat(catchThrowableOfType(
                                ProblemException.class,
                                () -> types.put(ORDER, wanted("{}", null), none).block())
                        .type()
                        .status())
                .isEqualTo(412);
        types.delete(ORDER, fresh).block();
        assertThat(catchThrowableOfType(ProblemException.class, () -> types.find(ORDER))
                        .type()
                        .status())
                .isEqualTo(404);
        assertThat(log.entries()).isEmpty();
        assertThat(put(ORDER, "true").entry().entityTag()).isNotEqualTo(tag);
    }

    @Test
    void holdsSoManyVersionsOfATenant() {
        log.load();
        for (int i = 0; i < 4; i++) {
            put(new TypeName("acme", "a" + i), "true");
        }
        assertThat(Objects.requireNonNull(refusal("true", null)).type().status())
                .isEqualTo(409);
        put(new TypeName("other", "a"), "true");
    }

    @Test
    void checksByTheLatestVersionOrTheOneThatAnEventNames() {
        log.load();
        put(ORDER, "{'type':'string'}");
        put(ORDER, "{'type':['string','null']}");
        assertThat(checks.schemaFor("acme", "order.created", null))
                .isEqualTo(checks.schemaFor("acme", "order.created", "urn:sluice:event-type:order.created:2"))
                .isEqualTo(checks.schemaFor("acme", "order.created", "https://acme.example/order"))
                .isNotEqualTo(checks.schemaFor("acme", "order.created", "urn:sluice:event-type:order.created:1"))
                .isPresent();
        for (String wrong : List.of("order.created:3", "order.paid:1", "order.created:0", "order.created", "")) {
            ProblemException refused = catchThrowableOfType(
                    ProblemException.class,
                    () -> checks.schemaFor("acme", "order.created", "urn:sluice:event-type:" + wrong));
            assertThat(refused.type().status()).isEqualTo(422);
            assertThat(refused.field()).isEqualTo("dataschema");
        }
    }

    @Test
    void letsUnknownTypesPassUnlessTheTenantIsStrict() {
        log.load();
        assertThat(checks.schemaFor("acme", "order.paid", null)).isEmpty();
        ProblemException refused =
                catchThrowableOfType(ProblemException.class, () -> checks.schemaFor("strict", "order.paid", null));
        assertThat(refused.type().code()).isEqualTo("unknown_event_type");
        put(new TypeName("strict", "order.paid"), "null");
        assertThat(checks.schemaFor("strict", "order.paid", null)).isEmpty();
    }

    @Test
    void saysNothingWhileTheCatalogueIsLoading() {
        assertThat(catchThrowableOfType(ProblemException.class, () -> checks.schemaFor("acme", "order.paid", null))
                        .type()
                        .status())
                .isEqualTo(503);
    }

    private EventTypes.Stored put(TypeName name, String schema) {
        return Objects.requireNonNull(
                types.put(name, wanted(schema, null), new HttpHeaders()).block());
    }

    private @Nullable ProblemException refusal(String schema, @Nullable String compatibility) {
        return catchThrowableOfType(
                ProblemException.class,
                () -> types.put(ORDER, wanted(schema, compatibility), new HttpHeaders())
                        .block());
    }

    private static PutEventType wanted(String schema, @Nullable String compatibility) {
        return new PutEventType("A test.", schema.equals("null") ? null : Schemas.tree(schema), compatibility);
    }
}
