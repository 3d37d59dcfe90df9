// SPDX-License-Identifier: MIT
package muninn.isa;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Removes from the differences those that a list allows, each for its reason. */
final class AllowedDifferences {
    private final List<Pattern> patterns = new ArrayList<>();

    AllowedDifferences(String resource) throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                AllowedDifferences.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.startsWith("#")) {
                    patterns.add(Pattern.compile(line.substring(0, line.indexOf('\t'))));
                }
            }
        }
    }

    Map<String, String> rest(Map<String, String> differences) {
        Map<String, String> rest = new TreeMap<>(differences);
        rest.keySet().removeIf(k -> patterns.stream().anyMatch(p -> p.matcher(k).matches()));
        return rest;
    }
}
