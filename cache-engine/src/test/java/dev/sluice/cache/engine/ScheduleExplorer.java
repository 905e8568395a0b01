package dev.sluice.cache.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Tries the orders in which a {@link Scenario} can happen: all of them, or many at random. */
final class ScheduleExplorer {

    private final Scenario scenario;
    private final @Nullable Guard missing;
    private final BiFunction<ExploredNode, Schedule, EngineParts> parts;
    private long schedules;

    private ScheduleExplorer(
            Scenario scenario, @Nullable Guard missing, BiFunction<ExploredNode, Schedule, EngineParts> parts) {
        this.scenario = scenario;
        this.missing = missing;
        this.parts = parts;
    }

    static ScheduleExplorer withAllGuards(Scenario scenario) {
        return of(scenario, (node, schedule) -> new Guard.SmallParts());
    }

    static ScheduleExplorer of(Scenario scenario, BiFunction<ExploredNode, Schedule, EngineParts> parts) {
        return new ScheduleExplorer(scenario, null, parts);
    }

    static ScheduleExplorer without(Guard guard) {
        return new ScheduleExplorer(guard.scenario(), guard, guard::parts);
    }

    /** How many orders were tried. */
    long schedules() {
        return schedules;
    }

    /** The first that ends in an old value; all are tried when there are no more than that, and so many at random when there are. */
    Optional<StaleReadException> exhaust(int max) {
        Odometer choices = new Odometer();
        do {
            Optional<StaleReadException> found = run(choices);
            if (found.isPresent()) {
                return found;
            }
        } while (schedules < max && choices.advance());
        return schedules < max ? Optional.empty() : sample(max, 1);
    }

    /** The shortest of the first few that end in an old value, of so many. The random numbers of each have its number as seed. */
    Optional<StaleReadException> sample(int max, int enough) {
        List<StaleReadException> found = new ArrayList<>();
        for (int seed = 1; seed <= max && found.size() < enough; seed++) {
            run(new Sample(seed)).ifPresent(found::add);
        }
        return found.stream().min(Comparator.comparingInt(StaleReadException::length));
    }

    private Optional<StaleReadException> run(Schedule.Choices choices) {
        schedules++;
        try {
            new ExploredWorld(scenario, missing, parts, choices).run();
            return Optional.empty();
        } catch (StaleReadException e) {
            return Optional.of(e);
        }
    }

    /** Random orders; in some of them what was begun last is mostly gone on with, so that other things stand still for long. */
    private static final class Sample implements Schedule.Choices {
        private final SplittableRandom random;
        private final int haste;

        Sample(int seed) {
            random = new SplittableRandom(seed);
            haste = random.nextInt(3) * 40;
        }

        @Override
        public int one(int options) {
            return random.nextInt(options);
        }

        @Override
        public int step(int options) {
            return random.nextInt(100) < haste ? options - 1 : random.nextInt(options);
        }
    }

    /** Counts through all sequences of choices, whose number and widths show only while they are made. */
    private static final class Odometer implements Schedule.Choices {
        private final List<Integer> digits = new ArrayList<>();
        private final List<Integer> widths = new ArrayList<>();
        private int position;

        @Override
        public int one(int options) {
            return options == 1 ? 0 : step(options);
        }

        @Override
        public int step(int options) {
            if (position == digits.size()) {
                digits.add(0);
                widths.add(options);
            }
            int digit = digits.get(position);
            position++;
            return digit;
        }

        boolean advance() {
            position = 0;
            while (!digits.isEmpty()) {
                int last = digits.removeLast();
                int width = widths.removeLast();
                if (last + 1 < width) {
                    digits.add(last + 1);
                    widths.add(width);
                    return true;
                }
            }
            return false;
        }
    }
}
