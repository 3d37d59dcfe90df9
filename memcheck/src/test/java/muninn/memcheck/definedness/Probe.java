// SPDX-License-Identifier: MIT
package muninn.memcheck.definedness;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import muninn.isa.Insn;

/** Asks a process of its own whether the processor knows an instruction: text sections hold data too. */
final class Probe implements AutoCloseable {
    private final Path folder;
    private final Process process;
    private final BufferedWriter to;
    private final BufferedReader from;
    private final Map<String, Boolean> known = new HashMap<>();

    Probe() {
        try {
            folder = Files.createTempDirectory("muninn-probe");
            Path program = folder.resolve("probe");
            Process gcc = new ProcessBuilder("gcc", "-O1", "-o", program.toString(), "src/test/clients/probe.c").inheritIO().start();
            if (gcc.waitFor() != 0) {
                throw new IllegalStateException("gcc failed");
            }
            process = new ProcessBuilder(program.toString()).start();
            to = process.outputWriter();
            from = process.inputReader();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    boolean knows(Insn insn) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < insn.length(); i++) {
            s.append(String.format("%02x", insn.byteAt(i)));
        }
        return known.computeIfAbsent(s.toString(), this::ask);
    }

    private boolean ask(String bytes) {
        try {
            to.write(bytes + "\n");
            to.flush();
            return "1".equals(from.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            Files.deleteIfExists(folder.resolve("probe"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
