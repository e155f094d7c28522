// A thread of its own in which reports are set: a report comes as text, its PDF goes back.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { NodeCompiler } from "@myriaddreamin/typst-ts-node-compiler";

const { folder } = workerData;
const require = createRequire(path.join(folder, "pdf-worker.mjs"));

// Letters, then those of other scripts and signs.
const fonts = {
  "source-sans-3": ["400Regular", "400Regular_Italic", "600SemiBold", "600SemiBold_Italic"],
  "noto-sans-arabic": ["400Regular"],
  "noto-sans-hebrew": ["400Regular"],
  "noto-sans-symbols-2": ["400Regular"],
  "noto-emoji": ["400Regular"],
};
const fontPaths = Object.entries(fonts).flatMap(([name, styles]) => {
  const at = path.dirname(require.resolve(`@expo-google-fonts/${name}/package.json`));
  return styles.map((style) => path.join(at, style));
});
const compiler = NodeCompiler.create({ workspace: folder, fontArgs: [{ fontPaths }] });
const template = readFileSync(path.join(folder, "report.typ"), "utf8");

/** Letters that no font here has are told by their number: a report without them is better than none. */
const unknown = /the text `\\?"(.+?)\\?"`/g;
const mostTries = 4;

function make(report, seconds) {
  let text = report;
  for (let attempt = 1; ; attempt++) {
    const compiled = compiler.compile({ mainFileContent: template, inputs: { report: text } });
    if (compiled.hasError()) throw new Error(faultsOf(compiled.takeDiagnostics()));
    try {
      return compiler.pdf(compiled.result, { pdfStandard: "ua-1", creationTimestamp: seconds });
    } catch (error) {
      const said = String(error.message ?? error);
      const missing = new Set([...said.matchAll(unknown)].flatMap(([, quoted]) => [...unquoted(quoted)]));
      if (missing.size === 0 || attempt === mostTries) throw new Error(said.slice(0, 2000));
      // What was joined with another sign into one that no font has.
      text = [...text].map((sign) => (missing.has(sign) ? `[${codeOf(sign)}]` : sign)).join("");
    }
  }
}

const faultsOf = (diagnostics) =>
  compiler
    .fetchDiagnostics(diagnostics)
    .map(({ message }) => message)
    .join("; ");

const codeOf = (sign) => `U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

/** As the compiler quotes texts. */
function unquoted(quoted) {
  return quoted
    .replace(/\\u\{([0-9a-f]+)\}/gi, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/\\(.)/g, "$1");
}

parentPort.on("message", ({ id, report, seconds }) => {
  try {
    parentPort.postMessage({ id, pdf: make(report, seconds) });
  } catch (error) {
    parentPort.postMessage({ id, failed: error.message });
  }
  compiler.evictCache(2);
});
