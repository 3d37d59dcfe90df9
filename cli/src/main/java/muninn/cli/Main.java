// SPDX-License-Identifier: MIT
package muninn.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import muninn.engine.Engine;
import muninn.engine.RunOptions;
import muninn.engine.Tool;

/** INTERIM entry point of the lead. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        boolean trace = args[0].equals("--trace-blocks");
        int first = trace ? 1 : 0;
        List<byte[]> argv = new ArrayList<>();
        for (int i = first; i < args.length; i++) argv.add(args[i].getBytes(StandardCharsets.UTF_8));
        List<byte[]> env = new ArrayList<>();
        System.getenv().forEach((k, v) -> env.add((k + "=" + v).getBytes(StandardCharsets.UTF_8)));
        RunOptions o = new RunOptions(argv.get(0), argv, env, false, trace, 0, System.getenv("MSTATS") != null, System.getenv("LOOK") == null ? 16 : Integer.parseInt(System.getenv("LOOK")));
        int st = new Engine(o, new Tool() { public boolean usesShadow() { return false; } }, System.err).run();
        if (st < 0) { System.err.println("cannot start: " + st); Runtime.getRuntime().halt(127); }
        System.err.flush(); System.out.flush(); muninn.linux.Syscall.call(231, (st & 0x7f) == 0 ? st >> 8 & 255 : 128 + (st & 0x7f));
    }
}
