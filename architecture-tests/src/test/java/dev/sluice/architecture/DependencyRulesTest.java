package dev.sluice.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.sluice.schemas.Topics;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class DependencyRulesTest {

    private static final DescribedPredicate<JavaClass> GATEWAY = resideInAPackage("dev.sluice.gateway..");
    private static final DescribedPredicate<JavaClass> CACHE_ENGINE = resideInAPackage("dev.sluice.cache.engine..");
    private static final DescribedPredicate<JavaClass> CACHE_NODE = resideInAnyPackage(
            "dev.sluice.cache.coherence..",
            "dev.sluice.cache.event..",
            "dev.sluice.cache.level..",
            "dev.sluice.cache.node..");
    private static final DescribedPredicate<JavaClass> CACHE_SERVICE =
            resideInAPackage("dev.sluice.cache..").and(not(CACHE_ENGINE)).and(not(CACHE_NODE));
    private static final DescribedPredicate<JavaClass> STARTER = resideInAPackage("dev.sluice.starter..");
    private static final DescribedPredicate<JavaClass> SAMPLES = resideInAPackage("dev.sluice.sample..");
    private static final DescribedPredicate<JavaClass> WEBHOOKS = resideInAPackage("dev.sluice.webhook..");
    private static final DescribedPredicate<JavaClass> METRICS = resideInAPackage("dev.sluice.metrics..");
    private static final DescribedPredicate<JavaClass> SERVICES =
            GATEWAY.or(CACHE_SERVICE).or(WEBHOOKS).or(METRICS).as("a service");
    private static final DescribedPredicate<JavaClass> SCHEMAS =
            resideInAnyPackage("dev.sluice.schemas..", "dev.sluice.record..");
    private static final DescribedPredicate<JavaClass> OURS = resideInAPackage("dev.sluice..");

    /** The parts of a name by which a class says that it reads or writes a topic. */
    private static final Pattern TOPIC_USER = Pattern.compile(".*(Publisher|Listener|Topology|Table|TopicProvisioner)");

    private static final ArchRule TOPICS_ONLY_WHERE_THE_NAME_SAYS_SO = classes()
            .that(not(SCHEMAS))
            .and(DescribedPredicate.describe("are not named for it", type -> !isNamedForTopics(type)))
            .should()
            .onlyDependOnClassesThat(
                    DescribedPredicate.describe("are not Topics", type -> !type.isEquivalentTo(Topics.class)))
            .because("who produces or consumes a topic is found by *Publisher, *Listener, *Topology and *Table");

    @Test
    void servicesDoNotDependOnEachOther() {
        for (DescribedPredicate<JavaClass> service : List.of(GATEWAY, CACHE_SERVICE, WEBHOOKS, METRICS)) {
            noClasses()
                    .that(service)
                    .should()
                    .dependOnClassesThat(SERVICES.and(not(service)))
                    .because("services only meet on the log and over HTTP")
                    .allowEmptyShould(true)
                    .check(Modules.mainClasses());
        }
    }

    @Test
    void platformModulesDoNotKnowServices() {
        noClasses()
                .that(resideInAPackage("dev.sluice.platform..").or(CACHE_ENGINE).or(SCHEMAS))
                .should()
                .dependOnClassesThat(SERVICES)
                .check(Modules.mainClasses());
    }

    @Test
    void aCacheNodeKnowsNeitherServicesNorHttp() {
        assertThat(Modules.mainClasses().stream().anyMatch(CACHE_NODE)).isTrue();
        noClasses()
                .that(CACHE_NODE)
                .should()
                .dependOnClassesThat(SERVICES.or(resideInAPackage("dev.sluice.platform.web..")))
                .because("an application of somebody else may be a node")
                .check(Modules.mainClasses());
        noClasses()
                .that(CACHE_ENGINE.or(resideInAPackage("dev.sluice.platform..")).or(SCHEMAS))
                .should()
                .dependOnClassesThat(CACHE_NODE)
                .check(Modules.mainClasses());
    }

    @Test
    void theStarterIsForApplicationsOfOthers() {
        assertThat(Modules.mainClasses().stream().anyMatch(STARTER)).isTrue();
        noClasses()
                .that(STARTER)
                .should()
                .dependOnClassesThat(SERVICES.or(SAMPLES).or(resideInAPackage("dev.sluice.platform.web..")))
                .check(Modules.mainClasses());
        noClasses()
                .that(OURS.and(not(STARTER)).and(not(SAMPLES)))
                .should()
                .dependOnClassesThat(STARTER.or(SAMPLES))
                .check(Modules.mainClasses());
        noClasses()
                .that(SAMPLES)
                .should()
                .dependOnClassesThat(OURS.and(not(SAMPLES)))
                .because("a sample shows annotations, and no class of ours is needed for them")
                .check(Modules.mainClasses());
    }

    @Test
    void schemasKnowNothingOfOursAndNoFramework() {
        noClasses()
                .that(SCHEMAS)
                .should()
                .dependOnClassesThat(OURS.and(not(SCHEMAS)).or(resideInAPackage("org.springframework..")))
                .check(Modules.mainClasses());
    }

    @Test
    void kafkaAndWebDoNotKnowEachOther() {
        DescribedPredicate<JavaClass> kafka = resideInAPackage("dev.sluice.platform.kafka..");
        DescribedPredicate<JavaClass> web = resideInAPackage("dev.sluice.platform.web..");
        noClasses().that(kafka).should().dependOnClassesThat(web).check(Modules.mainClasses());
        noClasses().that(web).should().dependOnClassesThat(kafka).check(Modules.mainClasses());
    }

    @Test
    void launcherReachesServicesOnlyFromOutside() {
        noClasses()
                .that(resideInAPackage("dev.sluice.standalone.."))
                .should()
                .dependOnClassesThat(SERVICES)
                .check(Modules.mainClasses());
    }

    @Test
    void topicsAreOnlyUsedWhereTheNameSaysSo() {
        TOPICS_ONLY_WHERE_THE_NAME_SAYS_SO.check(Modules.mainClasses());
    }

    @Test
    void useOfTopicsElsewhereIsSeen() {
        assertThatThrownBy(() -> TOPICS_ONLY_WHERE_THE_NAME_SAYS_SO.check(Modules.fixtures()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("EventForwarder");
    }

    @Test
    void packagesAreFreeOfCycles() {
        SlicesRuleDefinition.slices()
                .matching("dev.sluice.(*).(**)")
                .should()
                .beFreeOfCycles()
                .check(Modules.mainClasses());
    }

    @Test
    void allModulesAreSeen() {
        assertThat(Modules.mainClasses().contain(Topics.class)).isTrue();
        assertThat(Modules.mainClasses().stream().anyMatch(SERVICES)).isTrue();
    }

    private static boolean isNamedForTopics(JavaClass type) {
        JavaClass outermost = type;
        while (outermost.getEnclosingClass().isPresent()) {
            outermost = outermost.getEnclosingClass().get();
        }
        return TOPIC_USER.matcher(outermost.getSimpleName()).matches();
    }
}
