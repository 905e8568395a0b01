package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.Scenario.Deed;
import dev.sluice.cache.engine.Scenario.World;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries in which order the steps of a few nodes can come, and finds none in which somebody reads what was old when they
 * asked; with any of the guards left out it finds one. Steps are calls, answers, messages and faults; the nodes run the
 * real engine.
 */
class ScheduleExplorationTest {

    private static final Logger log = LoggerFactory.getLogger(ScheduleExplorationTest.class);

    /** Of the schedules without a guard so many are looked at for a short one. */
    private static final int ENOUGH = 2;

    private static final int MAX = 1_000;

    /** Each ends at the first of its few that are found. */
    private static final int MAX_WITHOUT = 10_000;

    private static final List<Deed> TOLD = List.of(
            Deed.GET,
            Deed.GET_ALL,
            Deed.GET,
            Deed.GET,
            Deed.GET_AT_LEAST,
            Deed.PUT,
            Deed.PUT,
            Deed.PUT_IF_ABSENT,
            Deed.DELETE,
            Deed.LOSE,
            Deed.DEAFEN,
            Deed.CUT,
            Deed.CRASH,
            Deed.DRAIN);

    private static final List<Deed> IDLE = List.of(
            Deed.GET,
            Deed.GET_ALL,
            Deed.GET,
            Deed.GET,
            Deed.GET,
            Deed.WAIT,
            Deed.WAIT,
            Deed.WAIT,
            Deed.WAIT,
            Deed.WAIT,
            Deed.WAIT,
            Deed.PUT,
            Deed.DELETE,
            Deed.CUT,
            Deed.DRAIN);

    private static final List<Deed> KEEPING = List.of(
            Deed.GET,
            Deed.GET_ALL,
            Deed.GET,
            Deed.GET,
            Deed.PUT_OR_KEEP,
            Deed.PUT_OR_KEEP,
            Deed.PUT_OR_KEEP,
            Deed.PUT,
            Deed.DELETE,
            Deed.CRASH,
            Deed.DRAIN);

    private static final List<Deed> LOADED_AND_TOLD = List.of(
            Deed.GET,
            Deed.GET_ALL,
            Deed.GET,
            Deed.LEASED_GET,
            Deed.LEASED_GET,
            Deed.LOADING_GET,
            Deed.LOADING_GET,
            Deed.DELETE,
            Deed.PURGE_TAG,
            Deed.LOSE,
            Deed.DEAFEN,
            Deed.CUT,
            Deed.DRAIN);

    @ParameterizedTest
    @EnumSource
    void withoutAnyOneGuardSomebodyReadsAnOldValue(Guard guard) {
        ScheduleExplorer explorer = ScheduleExplorer.without(guard);

        Optional<StaleReadException> found = explorer.sample(MAX_WITHOUT, ENOUGH);

        log.info("without {}, after {} schedules: {}", guard, explorer.schedules(), found);
        assertThat(found).isPresent();
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void withAllGuardsNobodyDoesInAnyOrderOfTheSameSteps(Scenario scenario) {
        ScheduleExplorer explorer = ScheduleExplorer.withAllGuards(scenario);

        Optional<StaleReadException> found = explorer.exhaust(MAX);

        log.info("{}: {} schedules", scenario, explorer.schedules());
        assertThat(found).isEmpty();
    }

    static List<Scenario> guarded() {
        return Guard.all();
    }

    @ParameterizedTest
    @MethodSource("soups")
    void withAllGuardsNobodyDoesInManyOrdersOfManySteps(Scenario scenario) {
        assertThat(ScheduleExplorer.withAllGuards(scenario).sample(MAX, 1)).isEmpty();
    }

    static Stream<Scenario> soups() {
        return Stream.of(
                Scenario.soup(
                        3,
                        false,
                        10,
                        List.of(
                                Deed.GET,
                                Deed.GET_ALL,
                                Deed.GET,
                                Deed.GET,
                                Deed.GET_AT_LEAST,
                                Deed.PUT,
                                Deed.PUT,
                                Deed.PUT_IF_ABSENT,
                                Deed.PUT_OVER_VERSION,
                                Deed.DELETE,
                                Deed.CLOCK_BACK,
                                Deed.CUT,
                                Deed.CRASH,
                                Deed.DRAIN)),
                Scenario.soup(
                        3,
                        false,
                        10,
                        List.copyOf(EnumSet.complementOf(EnumSet.of(
                                Deed.CLOCK_BACK,
                                Deed.LOADING_GET,
                                Deed.LOSE,
                                Deed.DEAFEN,
                                Deed.WAIT,
                                Deed.PUT_OR_KEEP)))),
                Scenario.soup(
                        2,
                        false,
                        8,
                        List.of(
                                Deed.GET_ALL,
                                Deed.GET_ALL,
                                Deed.GET_ALL,
                                Deed.GET,
                                Deed.PUT,
                                Deed.DELETE,
                                Deed.PURGE_NAMESPACE,
                                Deed.SOFT_PURGE,
                                Deed.CUT)),
                Scenario.soup(
                        2,
                        true,
                        10,
                        List.of(
                                Deed.GET,
                                Deed.GET_ALL,
                                Deed.GET,
                                Deed.LEASED_GET,
                                Deed.LEASED_GET,
                                Deed.LOADING_GET,
                                Deed.LOADING_GET,
                                Deed.DELETE,
                                Deed.PURGE_TAG,
                                Deed.PURGE_NAMESPACE,
                                Deed.SOFT_PURGE,
                                Deed.SWEEP,
                                Deed.CUT,
                                Deed.DRAIN)),
                Scenario.soup(2, false, 10, TOLD).in(World.TELLING),
                Scenario.soup(2, true, 10, LOADED_AND_TOLD).in(World.TELLING),
                Scenario.soup(3, false, 10, KEEPING).in(World.TIMELY),
                Scenario.soup(2, false, 10, KEEPING).in(World.TIMELY, World.TELLING),
                Scenario.soup(2, false, 15, IDLE).in(World.IDLING),
                Scenario.soup(3, false, 15, IDLE).in(World.IDLING, World.TELLING));
    }

    /** The slow landing alone does no harm, so what {@link Guard#GENERATION} shows is the guard. */
    @Test
    void aCopyThatLandsLateIsDeadWhenAllWereDroppedMeanwhile() {
        ScheduleExplorer explorer = ScheduleExplorer.of(Landing.SCENARIO, (node, schedule) -> new Guard.SmallParts() {
            @Override
            FirstLevel firstLevel(FirstLevel.Setup setup) {
                return new Landing(setup, node, schedule, true);
            }
        });

        assertThat(explorer.exhaust(MAX)).isEmpty();
    }
}
