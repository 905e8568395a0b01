package dev.sluice.metrics.usage;

import dev.sluice.record.ChargedLimit;
import dev.sluice.record.RequestBatch;
import dev.sluice.record.RequestEntry;
import dev.sluice.record.Usage;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Remembers every single request and counts by walking over all of them. */
public final class UsageOracle {
    private static final Set<String> REFUSING = Set.of("LIMITED", "REFUSED");

    /** One request, when it ended. */
    public record Seen(String tenant, String keyId, String group, Instant at, RequestEntry entry) {}

    private final List<Seen> all = new ArrayList<>();
    private final Map<String, Long> charges = new TreeMap<>();

    public void count(RequestBatch batch) {
        for (RequestEntry entry : batch.getEntries()) {
            Instant at = batch.getFirstAt().plus(entry.getOffsetMicros(), ChronoUnit.MICROS);
            String key = entry.getKeyId() == null ? "" : entry.getKeyId();
            String group = entry.getGroup() == null ? "other" : entry.getGroup();
            all.add(new Seen(batch.getTenant(), key, group, at, entry));
        }
        for (ChargedLimit charge : batch.getCharges()) {
            charges.merge(
                    name(
                            batch.getTenant(),
                            charge.getLimit(),
                            charge.getWindow().name(),
                            charge.getSince()),
                    charge.getCost(),
                    Long::sum);
        }
    }

    public UsageTally sum(Predicate<Seen> which) {
        return sum(all.stream().filter(which).toList());
    }

    private static UsageTally sum(List<Seen> seen) {
        List<RequestEntry> entries = seen.stream().map(Seen::entry).toList();
        return new UsageTally(
                entries.size(),
                entries.stream()
                        .filter(entry -> REFUSING.contains(entry.getVerdict().name()))
                        .count(),
                entries.stream()
                        .filter(entry -> entry.getStatus() >= 400 && entry.getStatus() < 500)
                        .count(),
                entries.stream().filter(entry -> entry.getStatus() >= 500).count(),
                entries.stream().mapToLong(RequestEntry::getRequestBytes).sum(),
                entries.stream().mapToLong(RequestEntry::getResponseBytes).sum(),
                entries.stream().mapToLong(RequestEntry::getCost).sum());
    }

    /** Tallies by {@code tenant|key|group|time}, the time cut to minutes or days. */
    public Map<String, UsageTally> by(ChronoUnit unit) {
        return all.stream()
                .collect(Collectors.groupingBy(
                        seen -> name(seen.tenant, seen.keyId, seen.group, seen.at.truncatedTo(unit)),
                        TreeMap::new,
                        Collectors.collectingAndThen(Collectors.toList(), UsageOracle::sum)));
    }

    /** What the windows that are not over were charged, by {@code tenant|limit|window|since}. */
    Map<String, Long> charged(Instant now) {
        Map<String, Long> present = new TreeMap<>(charges);
        present.keySet().removeIf(name -> isOver(name, now));
        return present;
    }

    /** The newest records of the usage topic, their parts added up, likewise. */
    static Map<String, Long> sumOfCharges(Collection<Usage> newest, Instant now) {
        Map<String, Long> sums = new TreeMap<>();
        for (Usage usage : newest) {
            if (usage != null && !usage.getLimit().isEmpty()) {
                String name = name(
                        usage.getTenant(), usage.getLimit(), usage.getWindow().name(), usage.getSince());
                sums.merge(name, usage.getCharged(), Long::sum);
            }
        }
        sums.keySet().removeIf(name -> isOver(name, now));
        return sums;
    }

    private static boolean isOver(String name, Instant now) {
        String[] parts = name.split("\\|", -1);
        ChronoUnit unit = ChronoUnit.valueOf(parts[2] + "S");
        Instant end =
                Instant.parse(parts[3]).atZone(ZoneOffset.UTC).plus(1, unit).toInstant();
        return !end.isAfter(now);
    }

    static String name(String tenant, String keyId, String group, Instant start) {
        return String.join("|", tenant, keyId, group, start.toString());
    }

    /** The newest records of the usage topic, their parts added up, by {@code tenant|key|group|day}. */
    public static Map<String, UsageTally> sumOfParts(Collection<Usage> newest) {
        Map<String, UsageTally> tallies = new TreeMap<>();
        for (Usage usage : newest) {
            if (usage == null || !usage.getLimit().isEmpty()) {
                continue;
            }
            UsageTally tally = new UsageTally(
                    usage.getRequests(),
                    usage.getLimited(),
                    usage.getClientErrors(),
                    usage.getServerErrors(),
                    usage.getRequestBytes(),
                    usage.getResponseBytes(),
                    usage.getCost());
            Instant day = startOf(usage.getDay());
            tallies.merge(name(usage.getTenant(), usage.getKeyId(), usage.getGroup(), day), tally, UsageTally::plus);
        }
        return tallies;
    }

    private static Instant startOf(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
