// SPDX-License-Identifier: MIT
/**
 * What an analysis tool is written with. A tool is an {@link muninn.tool.AnalysisTool}, found as a service in a jar of {@code --tool-path};
 * {@link muninn.tool.Analysis} says what is counted in each block of code and makes a result of the counters in the end.
 */
package muninn.tool;
