package dev.sluice.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What only the sources show: sizes, literals, descriptions. */
class SourceRulesTest {

    private static final int MOST_LINES = 400;
    private static final Pattern TEXT = Pattern.compile("\"([^\"\\\\\n]*)\"");
    private static final Pattern PURPOSE =
            Pattern.compile("/\\*\\*[^*]*[A-Za-z][^*]*\\.\\s*\\*?\\s*\\*/", Pattern.DOTALL);
    private static final Pattern SLEEP = Pattern.compile("Thread\\.sleep\\(");
    private static final Pattern SKIPPED = Pattern.compile("@Disabled\\b");
    private static final Pattern LEFT_OVER = Pattern.compile("//.*\\b(TODO|FIXME|XXX)\\b");

    @Test
    void noFileIsOverFourHundredLines() {
        assertThat(allSources().filter(file -> Modules.read(file).lines().count() > MOST_LINES))
                .isEmpty();
    }

    @Test
    void noTopicIsNamedByText() {
        Set<String> names = Topics.all().stream().map(TopicDescriptor::name).collect(Collectors.toSet());
        assertThat(Modules.sources("main").stream()
                        .filter(file -> !file.endsWith("Topics.java"))
                        .filter(file -> spellsOneOf(names, Modules.read(file))))
                .isEmpty();
        assertThat(spellsOneOf(names, "send(\"sluice.events\")")).isTrue();
    }

    @Test
    void everyPackageSaysItsPurpose() {
        List<Path> descriptions =
                allSources().filter(file -> file.endsWith("package-info.java")).toList();
        assertThat(descriptions).isNotEmpty();
        assertThat(descriptions)
                .allSatisfy(file ->
                        assertThat(Modules.read(file)).containsPattern(PURPOSE).contains("@NullMarked"));
    }

    @Test
    void noTestSleepsOrIsSkipped() {
        List<Path> tests = Modules.sources("test").stream()
                .filter(file -> !file.toString().contains("/architecture/"))
                .toList();
        assertThat(tests.stream().filter(file -> contains(SLEEP, file))).isEmpty();
        assertThat(tests.stream().filter(file -> contains(SKIPPED, file))).isEmpty();
    }

    @Test
    void nothingIsLeftForLater() {
        assertThat(Modules.sources("main").stream().filter(file -> contains(LEFT_OVER, file)))
                .isEmpty();
    }

    private static Stream<Path> allSources() {
        return Stream.concat(Modules.sources("main").stream(), Modules.sources("test").stream());
    }

    private static boolean contains(Pattern pattern, Path file) {
        return pattern.matcher(Modules.read(file)).find();
    }

    private static boolean spellsOneOf(Set<String> names, String source) {
        Matcher text = TEXT.matcher(source);
        while (text.find()) {
            if (names.contains(text.group(1))) {
                return true;
            }
        }
        return false;
    }
}
