// SPDX-License-Identifier: MIT
/** Tools that come with Muninn, written on {@code muninn.tool} alone. */
module muninn.tools {
    requires muninn.tool;
    provides muninn.tool.AnalysisTool with muninn.tools.Lackey, muninn.tools.Cachegrind;
}
