package dev.sluice.standalone.demo;

import java.util.List;

/** One part of the demo: uses the platform through its front door and checks what came of it. */
interface DemoStep {

    String title();

    List<Check> run();
}
