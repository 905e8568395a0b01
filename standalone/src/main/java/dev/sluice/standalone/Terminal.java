package dev.sluice.standalone;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The few control sequences that replacing lines in place takes (ECMA-48, and DEC's private mode 7 for wrapping). */
final class Terminal {

    private static final String CSI = "\u001b[";
    private static final String CURSOR_UP = "A";
    private static final String ERASE_BELOW = CSI + "J";
    private static final String CLIP_LONG_LINES = CSI + "?7l";
    private static final String WRAP_LONG_LINES = CSI + "?7h";

    private Terminal() {}

    /** Whether this process writes to a terminal that understands control sequences. */
    static boolean isPresent(java.io.@Nullable Console console, @Nullable String type) {
        return console != null && console.isTerminal() && type != null && !type.isEmpty() && !type.equals("dumb");
    }

    /** Takes away so many lines above the cursor, which stands at the start of a line before and after. */
    static String erase(int lines) {
        return lines == 0 ? "" : CSI + lines + CURSOR_UP + ERASE_BELOW;
    }

    /** A line that wrapped would be two for {@link #erase}. */
    static String draw(List<String> lines) {
        return lines.isEmpty() ? "" : CLIP_LONG_LINES + String.join("\n", lines) + "\n" + WRAP_LONG_LINES;
    }
}
