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

it("whoever compares with what stands has the same while that is prepared after a check, and after it", async () => {
  const { know, file, before } = await bench.owner.work("copy", async (project, db) => {
    const { contracts, papers, definitions, versions } = project;
    return {
      know: { contracts: [...contracts.values()], papers, others: definitions.map(otherOf), versions },
      file: await copyFeeds(db, contracts, bench.home.folder),
      before: { definition: definitions.find(({ id }) => id === "complaints-days")!, targets: [] },
    };
  });
  const { indicator_id, definition, targets, examples } = standing("complaints-days");
  const changed = definition.replace("closed_on - received_on", "2 * (closed_on - received_on)");
  expect(changed).not.toBe(definition);
  const draft = { indicator_id, definition: changed, targets, examples };
  const today = "2017-02-01";
  const preview: Job = {
    ...{ kind: "preview", standing: before, today, demo: false },
    ask: { indicator_id, definition: changed, targets, against: "current" },
  };
  const check: Job = { kind: "check", draft, standing: before, today };
  const never = new AbortController().signal;
  const needs = { know, file, trial: null };
  const unprepared = (await child.run(preview, needs, never)) as PreviewResult;
  expect(unprepared.compared.length).toBeGreaterThan(0);
  for (const [turn, ms] of [0, 20, 100, 1000].entries()) {
    const other = `${file}-again-${turn}`;
    copyFileSync(file, other);
    await child.ready({ ...needs, file: other }, () => Promise.resolve());
    await child.run(check, needs, never);
    await sleep(ms);
    expect(await child.run(preview, { ...needs, file: other }, never)).toEqual(unprepared);
  }
});
