package dev.sluice.gateway.responsecache;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates as HTTP writes them, in the one form of today and the two of before (RFC 9110, section 5.6.7). Pure. */
final class HttpDates {

    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private static final String DAY = "(?:mon|tue|wed|thu|fri|sat|sun)";
    private static final String MONTH = "(" + String.join("|", MONTHS) + ")";
    private static final String TIME = "(\\d{2}):(\\d{2}):(\\d{2})";

    private static final Pattern FIXED =
            Pattern.compile(DAY + ", (\\d{2}) " + MONTH + " (\\d{4}) " + TIME + " gmt", Pattern.CASE_INSENSITIVE);
    private static final Pattern RFC_850 = Pattern.compile(
            "(?:mon|tues|wednes|thurs|fri|satur|sun)day, (\\d{2})-" + MONTH + "-(\\d{2}) " + TIME + " gmt",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern ASCTIME =
            Pattern.compile(DAY + " " + MONTH + " ( \\d|\\d{2}) " + TIME + " (\\d{4})", Pattern.CASE_INSENSITIVE);

    private static final DateTimeFormatter WRITTEN =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    private static final int LONGEST = 64;

    /** A year of two digits that seems further ahead than this is of the century before. */
    private static final int FUTURE_YEARS = 50;

    private HttpDates() {}

    /**
     * The milliseconds of a date; empty when it is none.
     *
     * @param nowMillis tells the century of years of two digits
     */
    static OptionalLong parse(String text, long nowMillis) {
        if (text.length() > LONGEST) {
            return OptionalLong.empty();
        }
        Matcher fixed = FIXED.matcher(text);
        if (fixed.matches()) {
            return millis(number(fixed, 3), fixed.group(2), number(fixed, 1), fixed, 4);
        }
        Matcher old = RFC_850.matcher(text);
        if (old.matches()) {
            return millis(century(number(old, 3), nowMillis), old.group(2), number(old, 1), old, 4);
        }
        Matcher asctime = ASCTIME.matcher(text);
        if (asctime.matches()) {
            return millis(number(asctime, 6), asctime.group(1), number(asctime, 2), asctime, 3);
        }
        return OptionalLong.empty();
    }

    static String write(long millis) {
        return WRITTEN.format(Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC));
    }

    private static OptionalLong millis(int year, String month, int day, Matcher time, int group) {
        int seconds = number(time, group + 2);
        try {
            // A leap second is the last one before it.
            return OptionalLong.of(LocalDateTime.of(
                            year,
                            MONTHS.indexOf(month.toLowerCase(Locale.ROOT)) + 1,
                            day,
                            number(time, group),
                            number(time, group + 1),
                            seconds == 60 ? 59 : seconds)
                    .toInstant(ZoneOffset.UTC)
                    .toEpochMilli());
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
    }

    private static int century(int year, long nowMillis) {
        int now = Instant.ofEpochMilli(nowMillis).atOffset(ZoneOffset.UTC).getYear();
        int full = now - now % 100 + year;
        return full > now + FUTURE_YEARS ? full - 100 : full;
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group).strip());
    }
}
