// SPDX-License-Identifier: MIT
package muninn.cli;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

import muninn.tool.AnalysisTool;
import muninn.tool.ToolOption;

/** Tools written on {@code muninn.tool}: those that come along, and those in the jars of a folder. */
final class Tools {
    private Tools() {}

    /**
     * All tools, those of the folder last.
     *
     * @param folder of {@code --tool-path}; empty for none
     */
    static List<AnalysisTool> all(String folder) throws UsageError {
        List<AnalysisTool> tools = new ArrayList<>();
        try {
            ServiceLoader.load(AnalysisTool.class, Tools.class.getClassLoader()).forEach(tools::add);
            if (!folder.isEmpty()) {
                ServiceLoader.load(AnalysisTool.class, new URLClassLoader(jars(folder), Tools.class.getClassLoader())).forEach(t -> {
                    if (tools.stream().noneMatch(o -> o.getClass() == t.getClass())) {
                        tools.add(t);
                    }
                });
            }
        } catch (ServiceConfigurationError e) {
            throw new UsageError(1, "--tool-path=" + folder + ": " + e.getMessage());
        }
        return tools;
    }

    private static URL[] jars(String folder) throws UsageError {
        File[] files = Path.of(folder).toFile().listFiles((f, name) -> name.endsWith(".jar"));
        if (files == null || files.length == 0) {
            throw new UsageError(1, "--tool-path=" + folder + ": there is no jar in that folder");
        }
        try {
            URL[] urls = new URL[files.length];
            for (int i = 0; i < files.length; i++) {
                urls[i] = files[i].toURI().toURL();
            }
            return urls;
        } catch (MalformedURLException e) {
            throw new UsageError(1, "--tool-path=" + folder + ": " + e.getMessage());
        }
    }

    /** The tool of this name; {@code null} if there is none. */
    static AnalysisTool find(String name, String folder) throws UsageError {
        for (AnalysisTool tool : all(folder)) {
            if (tool.name().equals(name)) {
                if (tool.apiVersion() != AnalysisTool.API) {
                    throw new UsageError(1, "Tool " + name + " was made for version " + tool.apiVersion() + " of the tool interface; this is version "
                            + AnalysisTool.API);
                }
                return tool;
            }
        }
        return null;
    }

    /** The option of this name; {@code null} if the tool has none. */
    static ToolOption option(AnalysisTool tool, String name) {
        return tool == null ? null : tool.options().stream().filter(o -> o.name().equals(name)).findFirst().orElse(null);
    }
}
