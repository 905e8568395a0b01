package dev.sluice.gateway.ingest;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts an upload into lines as it comes. A line ends with LF or CRLF, the last one also without. Blank lines are counted
 * and left out; a byte order mark before the first line is none of its bytes. Holds one line at most, of so many bytes:
 * what is longer is passed over up to its end. Not thread-safe.
 */
final class LineSplitter {

    private static final int BYTE_ORDER_MARK_BYTES = 3;

    private final int maxLineBytes;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long number;
    private boolean tooLong;
    private boolean first = true;

    /** @param firstNumber of the first line */
    LineSplitter(long firstNumber, int maxLineBytes) {
        this.number = firstNumber;
        this.maxLineBytes = maxLineBytes;
    }

    /** The lines that end within the next piece. */
    List<ImportLine> feed(byte[] piece) {
        List<ImportLine> lines = new ArrayList<>();
        int start = 0;
        for (int at = 0; at < piece.length; at++) {
            if (piece[at] == '\n') {
                keep(piece, start, at);
                endLine(lines);
                start = at + 1;
            }
        }
        keep(piece, start, piece.length);
        return lines;
    }

    /** The last line, if there is one without an end. */
    List<ImportLine> end() {
        List<ImportLine> lines = new ArrayList<>();
        if (line.size() > 0 || tooLong) {
            endLine(lines);
        }
        return lines;
    }

    /** The number of the last line that ended, whatever it held. */
    long lastNumber() {
        return number - 1;
    }

    private void keep(byte[] piece, int from, int to) {
        // Two more for what is cut off at its end, three for what is before the first.
        tooLong |= line.size() + (to - from) > maxLineBytes + 1 + BYTE_ORDER_MARK_BYTES;
        if (tooLong) {
            line.reset();
        } else {
            line.write(piece, from, to - from);
        }
    }

    private void endLine(List<ImportLine> lines) {
        byte[] text = textOf(line.toByteArray());
        if (tooLong || text.length > maxLineBytes) {
            lines.add(new ImportLine(number, null));
        } else if (!isBlank(text)) {
            lines.add(new ImportLine(number, text));
        }
        number++;
        line.reset();
        tooLong = false;
        first = false;
    }

    private byte[] textOf(byte[] bytes) {
        int from = first && startsWithByteOrderMark(bytes) ? BYTE_ORDER_MARK_BYTES : 0;
        int to = bytes.length > from && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
        return from == 0 && to == bytes.length ? bytes : Arrays.copyOfRange(bytes, from, to);
    }

    private static boolean startsWithByteOrderMark(byte[] bytes) {
        return bytes.length >= BYTE_ORDER_MARK_BYTES
                && bytes[0] == (byte) 0xef
                && bytes[1] == (byte) 0xbb
                && bytes[2] == (byte) 0xbf;
    }

    private static boolean isBlank(byte[] text) {
        for (byte next : text) {
            if (next != ' ' && next != '\t') {
                return false;
            }
        }
        return true;
    }
}
