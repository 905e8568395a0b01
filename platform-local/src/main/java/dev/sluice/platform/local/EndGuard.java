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
        return new EndGuard(new ProcessBuilder(OwnSession.wrap(command(pid)))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** Reads until its standard input closes, then ends the process. */
    static List<String> command(long pid) {
        String script = "while read -r ignored; do :; done; kill \"$1\"";
        return List.of("/bin/sh", "-c", script, "sluice-guard", Long.toString(pid));
    }

    @Override
    public void close() {
        shell.destroyForcibly();
    }
}
