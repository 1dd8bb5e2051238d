// What static/js/chart*.js draws with, and nothing else: what is named here is what browsers load.
export { areaY, dot, line, link, plot, pointer, rectX, ruleX, ruleY, text, tip } from "@observablehq/plot";
