package dev.sluice.gateway.eventtype;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import java.util.Optional;

/**
 * A regular expression of a schema. RE2 takes time in proportion to the text, whatever the expression: one that
 * backtracks, as Java's own and that of ECMA-262, can be made to take for ever by whoever sends the text. Look-around and
 * back-references are the price. Thread-safe.
 */
final class LinearPattern implements RegularExpression {

    private static final int MAX_LENGTH = 500;
    /** A counted repetition is that many copies of its content, in memory and in time; nested ones multiply. */
    private static final int MAX_COPIES = 1_000;

    private static final Pattern COUNT = Pattern.compile("\\{(?:\\d+,)?(\\d+),?\\}");

    private final Pattern pattern;

    LinearPattern(String text) {
        this.pattern = Pattern.compile(text);
    }

    /** What to do about an expression that is not taken. */
    static Optional<String> findFault(String text) {
        if (text.length() > MAX_LENGTH || copies(text) > MAX_COPIES) {
            return Optional.of("Use at most " + MAX_LENGTH + " characters, and counts such as {1,9} that make at most "
                    + MAX_COPIES + " when they are multiplied.");
        }
        try {
            Pattern ignored = Pattern.compile(text);
            return Optional.empty();
        } catch (PatternSyntaxException e) {
            return Optional.of(
                    "Use an expression that RE2 knows: without look-ahead, look-behind and back-references.");
        }
    }

    private static long copies(String text) {
        long copies = 1;
        Matcher counts = COUNT.matcher(text);
        while (counts.find() && copies <= MAX_COPIES) {
            String digits = counts.group(1);
            copies *= digits.length() > 4 ? MAX_COPIES + 1 : Math.max(1, Long.parseLong(digits));
        }
        return copies;
    }

    /** Whether it matches anywhere in the value, as JSON Schema means it. */
    @Override
    public boolean matches(String value) {
        return pattern.matcher(value).find();
    }
}
