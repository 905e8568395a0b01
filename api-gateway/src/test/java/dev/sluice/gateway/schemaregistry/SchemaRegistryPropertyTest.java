package dev.sluice.gateway.schemaregistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.platform.test.Randomness;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.schemas.RegisteredSchema;
import dev.sluice.schemas.SchemaCatalogue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SchemaRegistryPropertyTest {

    private static final int CASES = 5_000;
    private static final Pattern TOKEN = Pattern.compile("\"[^\"]*\"|[0-9]+|null|true|false");
    private static final List<String> REPLACEMENTS = List.of(
            "null", "true", "-1", "1.5", "\"\"", "\"string\"", "\"record\"", "\"a b\"", "\"type\"", "[]", "{}", "[[]]");

    private final Random random = Randomness.seeded();
    private final SchemaRegistry registry = new SchemaRegistry(SchemaCatalogue.shared());
    private final LookupBody bodies = new LookupBody(new StrictJson());
    private final JsonMapper json = JsonMapper.builder().build();

    @Test
    void answersEveryDamagedSchemaInTheRegistrysOwnTerms() {
        List<RegisteredSchema> schemas = SchemaCatalogue.shared().all();
        for (int i = 0; i < CASES; i++) {
            String text = damage(schemas.get(random.nextInt(schemas.size())).text());
            byte[] body = json.writeValueAsString(Map.of("schema", text)).getBytes(StandardCharsets.UTF_8);
            Throwable failure = catchThrowable(() -> registry.lookUp("sluice.events-value", bodies.schemaText(body)));
            if (failure != null) {
                assertThat(failure).as(text).isInstanceOf(RegistryException.class);
                assertThat(((RegistryException) failure).code()).as(text).isIn(40403, 42201);
            }
        }
    }

    /** Puts something else in the place of a few tokens. */
    private String damage(String schema) {
        String text = schema;
        for (int damage = random.nextInt(1, 4); damage > 0; damage--) {
            Matcher tokens = TOKEN.matcher(text);
            int wanted = random.nextInt(20);
            boolean found = tokens.find();
            while (found && wanted > 0) {
                found = tokens.find();
                wanted--;
            }
            if (found) {
                String replacement = REPLACEMENTS.get(random.nextInt(REPLACEMENTS.size()));
                text = text.substring(0, tokens.start()) + replacement + text.substring(tokens.end());
            }
        }
        return text;
    }
}
