package dev.sluice.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.server.ResponseStatusException;

/** Time, randomness, the terminal and status codes each come from one place. */
class PurityRulesTest {

    private static final ArchRule TIME_IS_INJECTED = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(OffsetDateTime.class, "now")
            .orShould()
            .callMethod(ZonedDateTime.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(Clock.class, "systemDefaultZone")
            .orShould()
            .callConstructor(Date.class)
            .because("a class is told the time by an InstantSource");

    private static final ArchRule MILLIS_ARE_INJECTED = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .because("a class is told the time by an InstantSource");

    private static final ArchRule RANDOMNESS_IS_INJECTED = noClasses()
            .should()
            .callConstructor(Random.class)
            .orShould()
            .callMethod(Math.class, "random")
            .because("a class is given a RandomGenerator");

    private static final ArchRule NOBODY_SLEEPS = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", Duration.class)
            .because("waiting is for an event, or by a scheduler");

    private static final ArchRule ONE_CONSOLE = noClasses()
            .that()
            .doNotHaveSimpleName("Console")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .because("services log, and the launcher has its Console");

    private static final ArchRule ONE_STATUS_MAPPING = noClasses()
            .that()
            .resideOutsideOfPackage("dev.sluice.platform.web..")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ResponseStatusException.class)
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(
                    ResponseStatus.class, ExceptionHandler.class, ControllerAdvice.class, RestControllerAdvice.class)
            .because("platform-web maps errors to status codes");

    @Test
    void timeIsInjected() {
        TIME_IS_INJECTED.check(Modules.mainClasses());
        assertBroken(TIME_IS_INJECTED, "ClockHelper.now");
        MILLIS_ARE_INJECTED.check(Modules.mainClasses());
        assertBroken(MILLIS_ARE_INJECTED, "ClockHelper.millis");
    }

    @Test
    void randomnessIsInjected() {
        RANDOMNESS_IS_INJECTED.check(Modules.mainClasses());
        assertBroken(RANDOMNESS_IS_INJECTED, "ClockHelper.random");
    }

    @Test
    void nobodySleeps() {
        NOBODY_SLEEPS.check(Modules.mainClasses());
        assertBroken(NOBODY_SLEEPS, "ClockHelper.pause");
    }

    @Test
    void onlyTheConsolePrints() {
        ONE_CONSOLE.check(Modules.mainClasses());
        assertBroken(ONE_CONSOLE, "ClockHelper.print");
    }

    @Test
    void statusCodesAreMappedInOnePlace() {
        ONE_STATUS_MAPPING.check(Modules.mainClasses());
        assertBroken(ONE_STATUS_MAPPING, "BadStatus.badGateway");
    }

    private static void assertBroken(ArchRule rule, String culprit) {
        assertThatThrownBy(() -> rule.check(Modules.fixtures()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(culprit);
    }
}
