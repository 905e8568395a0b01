package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineSplitterTest {

    private final Random random = Randomness.seeded();

    @Test
    void countsBlankLinesAndLeavesThemOut() {
        LineSplitter splitter = new LineSplitter(1, 10);
        assertThat(texts(splitter.feed(bytes("a\r\n\n \t\r\nb\nc")))).containsExactly("1:a", "4:b");
        assertThat(splitter.lastNumber()).isEqualTo(4);
        assertThat(texts(splitter.end())).containsExactly("5:c");
        assertThat(splitter.lastNumber()).isEqualTo(5);
        assertThat(splitter.end()).isEmpty();
    }

    @Test
    void passesOverALongLineToItsEnd() {
        LineSplitter splitter = new LineSplitter(7, 3);
        assertThat(texts(splitter.feed(bytes("abc\r\nabcd\n")))).containsExactly("7:abc", "8:too long");
        assertThat(splitter.feed(bytes("x".repeat(100)))).isEmpty();
        assertThat(texts(splitter.feed(bytes("y\nab\n")))).containsExactly("9:too long", "10:ab");
        splitter.feed(bytes("x".repeat(100)));
        assertThat(texts(splitter.end())).containsExactly("11:too long");
    }

    @Test
    void takesAByteOrderMarkForNoPartOfTheFirstLineAlone() {
        LineSplitter splitter = new LineSplitter(1, 10);
        assertThat(texts(splitter.feed(bytes("\uFEFFa\n\uFEFFb\n")))).containsExactly("1:a", "2:\uFEFFb");
    }

    /** However the network cuts an upload, its lines are the same. */
    @Test
    void findsTheSameLinesInPiecesOfAnySize() {
        for (int i = 0; i < 500; i++) {
            ByteArrayOutputStream upload = new ByteArrayOutputStream();
            for (int k = random.nextInt(8); k > 0; k--) {
                upload.writeBytes(bytes("x".repeat(random.nextInt(14))
                        + List.of("\n", "\r\n", "\r", "").get(random.nextInt(4))));
            }
            byte[] all = upload.toByteArray();
            LineSplitter whole = new LineSplitter(1, 8);
            List<ImportLine> expected = new ArrayList<>(whole.feed(all));
            expected.addAll(whole.end());
            LineSplitter cut = new LineSplitter(1, 8);
            List<ImportLine> lines = new ArrayList<>();
            for (int at = 0; at < all.length; ) {
                int to = Math.min(all.length, at + 1 + random.nextInt(5));
                lines.addAll(cut.feed(Arrays.copyOfRange(all, at, to)));
                at = to;
            }
            lines.addAll(cut.end());
            assertThat(texts(lines)).isEqualTo(texts(expected));
            assertThat(cut.lastNumber()).isEqualTo(whole.lastNumber());
        }
    }

    private static List<String> texts(List<ImportLine> lines) {
        return lines.stream().map(LineSplitterTest::text).toList();
    }

    private static String text(ImportLine line) {
        byte[] text = line.text();
        return line.number() + ":" + (text == null ? "too long" : new String(text, StandardCharsets.UTF_8));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
