import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { benchLoad, type BenchResult } from "../bench/load.ts";
import type { LocalCommand } from "../command.ts";
import { projectFolder } from "../settings.ts";

interface Result {
  measurements: BenchResult[];
}

export const command: LocalCommand<Result> = {
  usage: "bench",
  help: "The measurements of README's table, as ratios within one run; takes some minutes",
  where: "here",
  async run({ context }) {
    context.log("loading 2,000,000 complaints");
    const load = await benchLoad(context);
    context.log("asking the server for series");
    return { measurements: [load, await benchServer()] };
  },
  print: ({ measurements }) =>
    measurements
      .map(({ name, ratio, parts }) =>
        [
          `${name}: ${ratio.toFixed(2)}`,
          ...Object.entries(parts).map(([part, value]) => `  ${part}: ${Number(value.toPrecision(4))}`),
        ].join("\n"),
      )
      .join("\n"),
};

/** The server measures itself, in a process of its own. */
async function benchServer(): Promise<BenchResult> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", loader, path.join(projectFolder, "server", "bench.ts")],
    { maxBuffer: 1024 * 1024 },
  );
  return JSON.parse(stdout) as BenchResult;
}
