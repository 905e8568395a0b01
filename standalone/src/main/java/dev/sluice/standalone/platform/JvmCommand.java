package dev.sluice.standalone.platform;

import dev.sluice.platform.local.Leash;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a JVM child on its leash. The flags are part of what an AOT cache was recorded for. */
final class JvmCommand {

    /** Small and quick on one machine: one collector thread, 8-byte object headers, and a core dump helps nobody here. */
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "-XX:ReservedCodeCacheSize=96m",
            "-Xss512k",
            "-XX:+UnlockDiagnosticVMOptions",
            "-Djava.awt.headless=true",
            "-Dfile.encoding=UTF-8",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /**
     * Code is only compiled by C2 once it has proved itself hot, at 20 times the usual thresholds, and not because it was
     * hot when the cache was recorded. Five JVMs start on the same cores: C2 took a third of their time then. Measured on
     * one gateway until ready: 3.1 s of CPU instead of 4.1 s.
     */
    private static final List<String> LATE_C2 = List.of(
            "-XX:-AOTReplayTraining",
            "-XX:Tier4InvocationThreshold=100000",
            "-XX:Tier4MinInvocationThreshold=10000",
            "-XX:Tier4CompileThreshold=300000",
            "-XX:Tier4BackEdgeThreshold=1000000");

    /**
     * C1 waits for five times the usual calls: most of what a start runs is run a few hundred times and never again.
     * Measured on eight first starts of the whole platform, in turns: 3.3 s of compiling instead of 5.6 s, the main threads
     * as quick as before; ten times the usual calls cost in the main threads what it saved.
     */
    private static final List<String> LATER_C1 = List.of(
            "-XX:Tier3InvocationThreshold=1000",
            "-XX:Tier3MinInvocationThreshold=500",
            "-XX:Tier3CompileThreshold=5000");

    /** The heap grows when it must. A young generation in proportion to the whole cost 20 MB more a process, measured idle. */
    private static final List<String> HEAP = List.of("-Xms32m", "-Xmn24m");

    /**
     * An AOT cache is mapped where it was recorded for: elsewhere, as is the default, each of its pointers is written anew,
     * which makes its pages the process's own. Measured on a cache of 36 MB: 15 to 20 ms.
     */
    private static final List<String> CACHE_IN_PLACE = List.of("-XX:ArchiveRelocationMode=0");

    /**
     * What is called by reflection is called a few times at a start; code made for each such method and constructor cost
     * 6 to 7 % of the samples of a service that starts.
     */
    private static final List<String> PLAIN_REFLECTION = List.of("-Djdk.reflect.useNativeAccessorOnly=true");

    private JvmCommand() {}

    static List<String> of(
            int heapMegabytes, List<String> flags, List<Path> classPath, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heapMegabytes + "m");
        command.addAll(HEAP);
        command.addAll(FLAGS);
        command.addAll(LATE_C2);
        command.addAll(LATER_C1);
        command.addAll(CACHE_IN_PLACE);
        command.addAll(PLAIN_REFLECTION);
        command.addAll(flags);
        command.add("-cp");
        command.add(String.join(":", classPath.stream().map(Path::toString).toList()));
        command.add(Leash.class.getName());
        command.add(mainClass);
        command.addAll(arguments);
        return command;
    }
}
