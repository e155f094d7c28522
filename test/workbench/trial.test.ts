import { copyFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DraftChild } from "../../pipelines/workbench/draft-child.ts";
import { copyFeeds } from "../../pipelines/workbench/feeds-copy.ts";
import { otherOf } from "../../pipelines/workbench/known.ts";
import type { Job, PreviewResult } from "../../pipelines/workbench/messages.ts";
import { makeBench, standing, type Bench } from "./support.ts";

let bench: Bench;
const child = new DraftChild({ memory: "512MB", ms: 60_000 });
beforeAll(async () => {
  bench = await makeBench();
});
afterAll(async () => {
  child.stop();
  await bench.stop();
});

it("whoever asks for figures while a new copy is tried has them as without a trial", async () => {
  const { know, file, trial } = await bench.owner.work("copy", async (project, db) => {
    const { contracts, papers, definitions, versions } = project;
    const lists = { contracts: [...contracts.values()], papers, others: definitions.map(otherOf), versions };
    const definition = definitions.find(({ id }) => id === "complaints")!;
    return {
      know: lists,
      file: await copyFeeds(db, contracts, bench.home.folder),
      trial: { definition, targets: [], today: "2017-02-01" },
    };
  });
  const { indicator_id, definition, targets } = standing("complaints-days");
  const ask = { indicator_id, definition, targets };
  const job: Job = { kind: "preview", ask, standing: null, today: "2017-02-01", demo: false };
  const never = new AbortController().signal;
  const untried = (await child.run(job, { know, file, trial: null }, never)) as PreviewResult;
  expect(untried.rows.length).toBeGreaterThan(1000);
  for (const [turn, ms] of [0, 5, 20, 50, 100, 200, 400].entries()) {
    const other = `${file}-${turn}`;
    copyFileSync(file, other);
    const needs = { know, file: other, trial };
    await child.ready(needs, () => sleep(ms));
    expect(await child.run(job, needs, never)).toEqual(untried);
  }
  expect(child.pid).toBeDefined();
});
