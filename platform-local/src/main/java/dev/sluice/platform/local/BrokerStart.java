package dev.sluice.platform.local;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Formats the data folder of a broker when it is new, then runs the broker, both in this JVM: a JVM of its own for
 * formatting would load the same classes a second time, while four services wait for the broker. Needs Kafka's server on the
 * class path.
 */
public final class BrokerStart {

    private static final String FORMAT = "kafka.tools.StorageTool";
    private static final String RUN = "kafka.Kafka";

    private BrokerStart() {}

    /**
     * Returns when the broker has ended.
     *
     * @param arguments the file {@code server.properties}; for a new data folder also the id of its cluster, 16 bytes in
     *     URL-safe base64
     * @throws IOException when the folder cannot be formatted; the reason is on standard output
     */
    public static void main(String[] arguments) throws Throwable {
        if (arguments.length == 0 || arguments.length > 2) {
            throw new IllegalArgumentException("usage: server.properties [cluster id]");
        }
        try {
            if (arguments.length == 2) {
                format(arguments[0], arguments[1]);
            }
            Class.forName(RUN).getMethod("main", String[].class).invoke(null, (Object)
                    Arrays.copyOfRange(arguments, 0, 1));
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static void format(String properties, String clusterId) throws ReflectiveOperationException, IOException {
        PrintStream output = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        Object status = Class.forName(FORMAT)
                .getMethod("execute", String[].class, PrintStream.class)
                .invoke(null, new String[] {"format", "--cluster-id=" + clusterId, "-c", properties}, output);
        if (!Integer.valueOf(0).equals(status)) {
            throw new IOException("formatting the data folder failed with status " + status);
        }
    }
}
