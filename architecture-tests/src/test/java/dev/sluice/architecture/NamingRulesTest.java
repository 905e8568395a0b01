package dev.sluice.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Names that say nothing, and packages that say nothing. */
class NamingRulesTest {

    private static final ArchRule TELLING_CLASS_NAMES = noClasses()
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .because("a name says what the thing is");

    private static final ArchRule TELLING_PACKAGE_NAMES = noClasses()
            .should()
            .resideInAnyPackage("..common..", "..core..", "..base..", "..util..", "..utils..", "..config..", "..impl..")
            .because("packages are cut by feature");

    private static final ArchRule DESCRIBED_PACKAGES = classes()
            .that()
            // Generated records carry their documentation in their schemas.
            .resideOutsideOfPackage("dev.sluice.record..")
            .should(beInADescribedPackage());

    @Test
    void classNamesAreTelling() {
        TELLING_CLASS_NAMES.check(Modules.mainClasses());
        assertBroken(TELLING_CLASS_NAMES, "ClockHelper");
    }

    @Test
    void packageNamesAreTelling() {
        TELLING_PACKAGE_NAMES.check(Modules.mainClasses());
        assertBroken(TELLING_PACKAGE_NAMES, "SomewhereVague");
    }

    @Test
    void everyPackageIsDescribedAndNullMarked() {
        DESCRIBED_PACKAGES.check(Modules.mainClasses());
        assertBroken(DESCRIBED_PACKAGES, "SomewhereVague");
    }

    private static void assertBroken(ArchRule rule, String culprit) {
        assertThatThrownBy(() -> rule.check(Modules.fixtures()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(culprit);
    }

    private static ArchCondition<JavaClass> beInADescribedPackage() {
        return new ArchCondition<>("be in a package with a @NullMarked package-info") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean described = type.getPackage()
                        .tryGetPackageInfo()
                        .map(info -> info.isAnnotatedWith(NullMarked.class))
                        .orElse(false);
                events.add(new SimpleConditionEvent(
                        type, described, type.getName() + " is in a package without @NullMarked package-info"));
            }
        };
    }
}
