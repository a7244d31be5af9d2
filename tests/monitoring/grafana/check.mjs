// Whether etc/grafana/wxlogind.json is what Grafana's own types say: the dashboard, and of each panel its options,
// its fields and its queries. `node check.mjs DASHBOARD`; prints what the compiler complains of.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const types = "@grafana/schema/dist/esm/raw";
const dashboard = JSON.parse(readFileSync(process.argv[2], "utf8"));

// JSON has no enums: their values do as well.
const lines = [
  `import type { Dashboard } from "${types}/dashboard/x/dashboard_types.gen";`,
  `import type * as timeseries from "${types}/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen";`,
  `import type * as stat from "${types}/composable/stat/panelcfg/x/StatPanelCfg_types.gen";`,
  `import type * as table from "${types}/composable/table/panelcfg/x/TablePanelCfg_types.gen";`,
  `import type { PrometheusDataQuery } from "${types}/composable/prometheus/dataquery/x/PrometheusDataQuery_types.gen";`,
  "type Plain<T> = T extends string ? (string extends T ? string : `${T}`)",
  "  : T extends (infer U)[] ? Plain<U>[]",
  "  : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;",
];
let checked = 0;
function check(type, value) {
  lines.push(`export const v${checked++}: Plain<${type}> = ${JSON.stringify(value)};`);
}

check("Dashboard", dashboard);
for (const panel of dashboard.panels) {
  if (panel.type === "row") continue;
  check(`Partial<${panel.type}.Options>`, panel.options);
  if (panel.type === "timeseries") check("timeseries.FieldConfig", panel.fieldConfig.defaults.custom);
  for (const query of panel.targets) check("Omit<PrometheusDataQuery, 'datasource'> & { datasource: object }", query);
}

// In memory, beside node_modules, where imports are looked up.
const file = join(dirname(fileURLToPath(import.meta.url)), "dashboard.ts");
const options = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Node10,
};
const host = ts.createCompilerHost(options);
const { fileExists, readFile } = host;
host.fileExists = (name) => name === file || fileExists(name);
host.readFile = (name) => (name === file ? lines.join("\n") : readFile(name));
const complaints = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host));
for (const each of complaints) console.error(ts.flattenDiagnosticMessageText(each.messageText, "\n").slice(0, 600));
console.log(`${checked} parts checked, ${complaints.length} complaints`);
process.exitCode = complaints.length === 0 && checked > 100 ? 0 : 1;
