package dev.sluice.standalone.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/** Whether what was made from some files is still up to date. The checksum guards against change, not against attack. */
final class Digests {

    private static final String MARKER = ".made-from";

    private Digests() {}

    static String of(List<Path> files) throws IOException {
        CRC32 crc = new CRC32();
        for (Path file : files) {
            try (InputStream input = new CheckedInputStream(Files.newInputStream(file), crc)) {
                input.transferTo(OutputStream.nullOutputStream());
            }
        }
        return Long.toHexString(crc.getValue());
    }

    static String ofNames(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return Integer.toHexString(files.map(file -> file.getFileName().toString())
                    .sorted()
                    .toList()
                    .hashCode());
        }
    }

    static boolean matches(Path folder, String digest) throws IOException {
        Path marker = folder.resolve(MARKER);
        return Files.exists(marker) && Files.readString(marker).equals(digest);
    }

    static void remember(Path folder, String digest) throws IOException {
        Files.writeString(folder.resolve(MARKER), digest);
    }
}
