// SPDX-License-Identifier: MIT
package muninn.memcheck.findings;

import java.util.List;
import java.util.TreeMap;

/** A form in which findings are handed to other programs. */
public enum FindingForm {
    /** Our own: everything that is known. */
    JSON {
        @Override
        String text(Findings findings) {
            Json out = new Json();
            out.open('{').field("version", 1).field("tool", "muninn memcheck");
            out.name("command").open('[');
            findings.command().forEach(out::value);
            out.close(']').name("findings").open('[');
            List<Finding> all = findings.all();
            List<String> prints = findings.fingerprints();
            for (int i = 0; i < all.size(); i++) {
                Finding f = all.get(i);
                out.open('{').field("kind", f.kind()).field("what", f.what()).field("fingerprint", prints.get(i)).field("error", f.error());
                if (findings.hasBaseline()) {
                    out.field("new", findings.isNew(prints.get(i)));
                }
                out.field("count", f.count()).field("pid", f.pid()).field("thread", f.thread()).name("stacks").open('[');
                for (Finding.Stack s : f.stacks()) {
                    out.open('{').name("caption").open('[');
                    s.caption().forEach(out::value);
                    out.close(']').name("frames").open('[');
                    for (Finding.Frame frame : s.frames()) {
                        out.open('{').field("pc", "0x" + Long.toHexString(frame.pc())).field("function", frame.function())
                                .field("file", frame.path()).field("line", frame.line()).field("object", frame.object()).close('}');
                    }
                    out.close(']').close('}');
                }
                out.close(']').close('}');
            }
            return out.close(']').close('}').text();
        }
    },

    /** Static Analysis Results Interchange Format 2.1.0 (OASIS). */
    SARIF {
        @Override
        String text(Findings findings) {
            TreeMap<String, String> rules = new TreeMap<>();
            findings.all().forEach(f -> rules.putIfAbsent(f.kind(), f.what()));
            List<String> ids = List.copyOf(rules.keySet());
            Json out = new Json();
            out.open('{').field("$schema", "https://json.schemastore.org/sarif-2.1.0.json").field("version", "2.1.0").name("runs").open('[');
            out.open('{').name("tool").open('{').name("driver").open('{').field("name", "Muninn memcheck").field("version", "0.1.0")
                    .name("rules").open('[');
            ids.forEach(id -> out.open('{').field("id", id).close('}'));
            out.close(']').close('}').close('}').name("results").open('[');
            List<Finding> all = findings.all();
            List<String> prints = findings.fingerprints();
            for (int i = 0; i < all.size(); i++) {
                Finding f = all.get(i);
                Finding.Frame place = f.place(findings.program());
                out.open('{').field("ruleId", f.kind()).field("ruleIndex", ids.indexOf(f.kind())).field("level", f.error() ? "error" : "note");
                out.name("message").open('{').field("text", f.what()).close('}').field("occurrenceCount", Math.max(1, f.count()));
                out.name("partialFingerprints").open('{').field("muninn/v1", prints.get(i)).close('}');
                if (findings.hasBaseline()) {
                    out.field("baselineState", findings.isNew(prints.get(i)) ? "new" : "unchanged");
                }
                if (place != null) {
                    out.name("locations").open('[');
                    location(out, place, null);
                    out.close(']');
                }
                out.name("stacks").open('[');
                for (Finding.Stack s : f.stacks()) {
                    out.open('{').name("message").open('{').field("text", String.join("\n", s.caption())).close('}').name("frames").open('[');
                    for (Finding.Frame frame : s.frames()) {
                        out.open('{').name("location");
                        location(out, frame, frame.function());
                        if (frame.object() != null) {
                            out.field("module", frame.object());
                        }
                        out.close('}');
                    }
                    out.close(']').close('}');
                }
                out.close(']').close('}');
            }
            return out.close(']').close('}').close(']').close('}').text();
        }

        private static void location(Json out, Finding.Frame frame, String function) {
            out.open('{');
            if (frame.path() != null) {
                out.name("physicalLocation").open('{').name("artifactLocation").open('{').field("uri", uri(frame.path())).close('}');
                if (frame.line() > 0) {
                    out.name("region").open('{').field("startLine", frame.line()).close('}');
                }
                out.close('}');
            }
            if (function != null) {
                out.name("logicalLocations").open('[').open('{').field("fullyQualifiedName", function).close('}').close(']');
            }
            out.close('}');
        }

        private static String uri(String path) {
            StringBuilder out = new StringBuilder(path.startsWith("/") ? "file://" : "");
            for (byte b : path.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
                boolean plain = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || "/-._~+".indexOf(b) >= 0;
                out.append(plain ? String.valueOf((char) b) : String.format("%%%02X", b & 0xff));
            }
            return out.toString();
        }
    },

    /** The XML that Jenkins, GitLab and others show as test results: a failed case for each finding. */
    JUNIT {
        @Override
        String text(Findings findings) {
            List<Finding> all = findings.all();
            StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
            long failures = all.stream().filter(Finding::error).count();
            out.append("<testsuite name=\"").append(xml("muninn " + String.join(" ", findings.command()))).append("\" tests=\"")
                    .append(Math.max(1, all.size())).append("\" failures=\"").append(failures).append("\">\n");
            for (Finding f : all) {
                Finding.Frame place = f.place(findings.program());
                String where = place == null ? "" : " at " + place.file() + ":" + place.line();
                out.append("<testcase classname=\"muninn.").append(xml(f.kind())).append("\" name=\"").append(xml(f.what() + where)).append("\">");
                if (f.error()) {
                    out.append("<failure type=\"").append(xml(f.kind())).append("\" message=\"").append(xml(f.what())).append("\">")
                            .append(xml(plain(f))).append("</failure>");
                }
                out.append("</testcase>\n");
            }
            if (all.isEmpty()) {
                out.append("<testcase classname=\"muninn\" name=\"no findings\"/>\n");
            }
            return out.append("</testsuite>\n</testsuites>\n").toString();
        }
    },

    /** Workflow commands that GitHub shows as annotations of the source. */
    GITHUB {
        @Override
        String text(Findings findings) {
            StringBuilder out = new StringBuilder();
            for (Finding f : findings.all()) {
                Finding.Frame place = f.place(findings.program());
                out.append(f.error() ? "::error " : "::warning ");
                if (place != null) {
                    out.append("file=").append(property(place.path())).append(",line=").append(place.line()).append(',');
                }
                out.append("title=").append(property(f.kind())).append("::").append(data(plain(f))).append('\n');
            }
            return out.toString();
        }

        private static String data(String text) {
            return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
        }

        private static String property(String text) {
            return data(text).replace(":", "%3A").replace(",", "%2C");
        }
    };

    /** The whole document. */
    abstract String text(Findings findings);

    /** As it reads in a report, without prefixes. */
    private static String plain(Finding f) {
        StringBuilder out = new StringBuilder();
        for (Finding.Stack s : f.stacks()) {
            s.caption().forEach(line -> out.append(line).append('\n'));
            String lead = "   at ";
            for (Finding.Frame frame : s.frames()) {
                out.append(lead).append(frame.function() == null ? "???" : frame.function());
                if (frame.file() != null) {
                    out.append(" (").append(frame.file()).append(':').append(frame.line()).append(')');
                } else if (frame.object() != null) {
                    out.append(" (in ").append(frame.object()).append(')');
                }
                out.append('\n');
                lead = "   by ";
            }
        }
        return out.toString().stripTrailing();
    }

    private static String xml(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\n', '\t' -> out.appendCodePoint(c);
                default -> out.appendCodePoint(c < ' ' || c >= 0xd800 && c < 0xe000 || c == 0xfffe || c == 0xffff ? '?' : c);
            }
        });
        return out.toString();
    }
}
