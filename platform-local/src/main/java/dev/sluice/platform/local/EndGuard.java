package dev.sluice.platform.local;

import java.io.IOException;
import java.util.List;

/** A tiny shell that ends a program that cannot watch its own standard input, when this JVM is gone. */
public final class EndGuard implements AutoCloseable {

    private final Process shell;

    private EndGuard(Process shell) {
        this.shell = shell;
    }

    /** Close the guard as soon as the process has ended: its id may then belong to another one. */
    public static EndGuard of(long pid) throws IOException {
        List<String> command = OwnSession.wrap(
                List.of("/bin/sh", "-c", "while read -r ignored; do :; done; kill \"$1\"", "sluice-guard", "" + pid));
        return new EndGuard(new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    @Override
    public void close() {
        shell.destroyForcibly();
    }
}
