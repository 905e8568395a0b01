package dev.sluice.standalone.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How much physical memory a process holds, shared pages included. */
public final class ResidentMemory {

    private ResidentMemory() {}

    /** In bytes; 0 when it cannot be known. */
    public static long ofProcess(long pid) {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        try {
            if (Files.exists(status)) {
                return Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> kibibytes(line.replaceAll("[^0-9]", "")))
                        .sum();
            }
            return kibibytes(ps(pid));
        } catch (IOException e) {
            return 0;
        }
    }

    /** For systems without /proc. */
    private static String ps(long pid) throws IOException {
        Process ps = new ProcessBuilder(List.of("ps", "-o", "rss=", "-p", Long.toString(pid))).start();
        return new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    }

    private static long kibibytes(String digits) {
        return digits.isEmpty() ? 0 : Long.parseLong(digits) * 1024;
    }
}
