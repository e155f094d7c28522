import { benchForces } from "../bench/forces.ts";
import { benchLoad } from "../bench/load.ts";
import { benchPublish } from "../bench/publish.ts";
import { benchScale } from "../bench/scale.ts";
import { runApart, type BenchResult } from "../bench/measure.ts";
import type { LocalCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { Usage } from "../problem.ts";

interface Result {
  measurements: BenchResult[];
}

/** What can be measured, by name. */
const benches: Record<string, (context: Context) => Promise<BenchResult[]>> = {
  load: benchLoad,
  publish: benchPublish,
  scale: benchScale,
  forces: benchForces,
  series: async (context) => {
    context.log("asking the server for series");
    // The server measures itself, in a process of its own.
    return [await runApart<BenchResult>("server/bench.ts", {})];
  },
  loop: async (context) => {
    context.log("sending the server 600,000 complaints while it is asked");
    return [await runApart<BenchResult>("server/bench-loop.ts", {})];
  },
  serve: async (context) => {
    context.log("200 readers on a copy of this home, while files are loaded and published");
    return [await runApart<BenchResult>("server/bench-serve.ts", {})];
  },
  drafts: async (context) => {
    context.log("1,000 hostile drafts at a copy of this home, while people read");
    return [await runApart<BenchResult>("server/bench-drafts.ts", {})];
  },
  preview: async (context) => {
    context.log("figures of each indicator that reads nothing protected, as drafts at a copy of this home");
    return [await runApart<BenchResult>("server/bench-preview.ts", {})];
  },
};

export const command: LocalCommand<Result> = {
  usage: "bench [load] [publish] [scale] [forces] [series] [loop] [serve] [drafts] [preview]",
  help: "The measurements of README's table, as ratios within one run; takes some minutes",
  where: "here",
  async run({ context, positionals }) {
    const unknown = positionals.find((name) => !(name in benches));
    if (unknown !== undefined)
      throw new Usage(`no measurement "${unknown}"; there are: ${Object.keys(benches).join(", ")}`);
    const measurements: BenchResult[] = [];
    for (const name of positionals.length > 0 ? positionals : Object.keys(benches))
      measurements.push(...(await benches[name]!(context)));
    return { measurements };
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
