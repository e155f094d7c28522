import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishProject } from "../../../pipelines/publishing.ts";
import type { wholeOf } from "../../../server/workbench/drafts.ts";
import { runServer, type Run } from "../../support/server-process.ts";
import { signIn } from "../../support/sign-in.ts";
import { makeBench, type Bench } from "../../workbench/support.ts";
import { targetsOf, within70 } from "./within-70.ts";

type Whole = ReturnType<typeof wholeOf>;

let bench: Bench;
const runs: Run[] = [];
beforeAll(async () => {
  bench = await makeBench();
  const { owner, home } = bench;
  await owner.work("publish", (project, db) => publishProject({ db, context: home.context, project }));
  await owner.close();
}, 60_000);
afterAll(async () => {
  for (const run of runs) await run.stop();
  await bench.home.remove();
});

/** The monitor as people start it, on that day. */
async function start(day: string) {
  const run = runServer(["start"], {
    ...{ KVV_HOME: bench.home.folder, KVV_CONFIG: bench.config, KVV_NOW: `${day}T08:00:00Z`, KVV_DRAFT_SECONDS: "30" },
  });
  runs.push(run);
  const [, address] = await run.says(/(http:\/\/127\.0\.0\.1:\d+)/);
  return { run, address: address! };
}

async function json(address: string, as: string, route: string, body?: object): Promise<Whole> {
  const cookie = await signIn(address, as);
  for (;;) {
    const answer = await fetch(`${address}/api/v1${route}`, {
      headers: { cookie, "content-type": "application/json" },
      ...(body ? { method: "POST", body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text) as Whole;
    // The pipelines come up after the server.
    if (answer.status !== 503) throw new Error(text);
    await sleep(200);
  }
}

/** A draft of Anna's that Bert approves. */
async function approved(address: string, indicator_id: string, publish_on: string): Promise<number> {
  const draft = { ...within70, indicator_id, targets: targetsOf(indicator_id, "0.5") };
  const { draft_id } = await json(address, "control:anna", "/drafts", draft);
  const steps = `/drafts/${draft_id}/steps`;
  await json(address, "control:anna", steps, { version: 1, step: "propose", note: "Graag" });
  await json(address, "control:bert", steps, { version: 1, step: "approve", publish_on });
  return draft_id;
}

describe("a monitor that is killed between approval and publication", () => {
  it("publishes at its next start what was approved", async () => {
    const first = await start("2017-07-03");
    const ids = [
      await approved(first.address, "complaints-tomorrow", "2017-07-04"),
      await approved(first.address, "complaints-at-once", "2017-07-03"),
    ];
    first.run.process.kill("SIGKILL");
    await first.run.exit;
    // Its pipelines see that it is gone, and end.
    const second = await startAgain();
    for (const id of ids) {
      let draft = await json(second.address, "control:anna", `/drafts/${id}`);
      for (const until = Date.now() + 60_000; draft.state !== "published" && Date.now() < until; await sleep(200))
        draft = await json(second.address, "control:anna", `/drafts/${id}`);
      expect(draft).toMatchObject({ state: "published", trouble: null, is_new: false });
      expect(draft.steps.filter(({ step }) => step === "publish")).toHaveLength(1);
      expect(draft.standing!.definition).toBe(within70.definition);
    }
  }, 180_000);
});

async function startAgain() {
  for (;;) {
    try {
      return await start("2017-07-04");
    } catch (error) {
      if (!/already runs in|at work in/.test((error as Error).message)) throw error;
      await sleep(300);
    }
  }
}
