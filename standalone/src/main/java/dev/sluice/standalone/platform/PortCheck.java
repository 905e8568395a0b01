package dev.sluice.standalone.platform;

import dev.sluice.platform.local.FreePorts;
import dev.sluice.standalone.LaunchException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks before anything is started whether every port can be had. */
final class PortCheck {

    private static final int HIGHEST = 65_535;

    private PortCheck() {}

    /** @throws LaunchException that names each taken port, who wanted it and, where it can be seen, who has it */
    static void requireFree(Ports ports) {
        Map<Integer, String> owners = ports.owners();
        if (owners.size() < 11) {
            throw new LaunchException("Two services were given the same port: " + owners);
        }
        requireFree(owners, "move all ports with --port-offset 1000");
    }

    /**
     * The same of some ports, with the names of those who want them.
     *
     * @param otherwise what can be done but to stop the process that has the port
     */
    static void requireFree(Map<Integer, String> owners, String otherwise) {
        owners.forEach(PortCheck::requireValid);
        List<String> taken = new ArrayList<>();
        owners.forEach((port, wanted) -> {
            if (!FreePorts.isFree(port)) {
                taken.add("Port %d (%s) is in use by %s".formatted(port, wanted, describeHolder(port)));
            }
        });
        if (!taken.isEmpty()) {
            throw new LaunchException(String.join("\n", taken) + "\nStop that process, or " + otherwise);
        }
    }

    private static void requireValid(int port, String wanted) {
        if (port < 1 || port > HIGHEST) {
            throw new LaunchException("Port %d (%s) is not between 1 and %d; choose another --port-offset or port"
                    .formatted(port, wanted, HIGHEST));
        }
    }

    private static String describeHolder(int port) {
        return PortOwner.find(port)
                .map(process -> "process %d (%s)"
                        .formatted(process.pid(), process.info().command().orElse("command unknown")))
                .orElse("a process that cannot be seen from here");
    }
}
