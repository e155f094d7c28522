import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listenForCommands } from "../../../pipelines/handover.ts";
import { publishProject } from "../../../pipelines/publishing.ts";
import type { Entry } from "../../../server/audit.ts";
import type { wholeOf } from "../../../server/workbench/drafts.ts";
import pino from "pino";
import { Pipelines } from "../../../server/pipelines.ts";
import { Publisher } from "../../../server/workbench/publisher.ts";
import { Workspace } from "../../../server/workspace/workspace.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { makeBench, type Bench } from "../../workbench/support.ts";
import { ask, askProblem } from "../ask.ts";
import { examples, targetsOf, within70 } from "./within-70.ts";

type Whole = ReturnType<typeof wholeOf>;

/** Real pipelines: what is approved here becomes what counts there. */
let bench: Bench;
let socket: Server;
let fixture: Fixture;
let clock = "2017-07-03T08:00:00Z";
const cookies: Record<string, string> = {};
beforeAll(async () => {
  bench = await makeBench({ KVV_DRAFT_SECONDS: "20" });
  const { home, config, owner } = bench;
  socket = await listenForCommands(home.folder, (asked, tell, gone) => owner.answer(asked, tell, gone));
  await bench.load("complaints", closed);
  await owner.work("publish", (project, db) => publishProject({ db, context: home.context, project }));
  const folders = { publishedHome: home.folder, pipelinesHome: home.folder };
  fixture = await serveFixture({ snapshot: false, ...folders, config, now: () => new Date(clock) });
  for (const name of ["control", "control:anna", "control:bert"])
    cookies[name] = await fixture.cookieOf({ name, roles: ["control"], units: [] });
}, 60_000);
/** Of a team three complaints of the first half of 2016, closed after 10, 70 and 71 days, and one of the second half after 70. */
const closed = `complaint_id,received_on,closed_on,unit_id,aspects
W-1,2016-01-01,2016-01-11,new,treatment
W-2,2016-02-01,2016-04-11,new,treatment
W-3,2016-02-01,2016-04-12,new,treatment
W-4,2016-08-01,2016-10-10,new,treatment
W-5,2016-08-01,,new,treatment
`;
beforeEach(() => {
  clock = "2017-07-03T08:00:00Z";
});
afterAll(async () => {
  await fixture.stop();
  socket.close();
  await bench.stop();
});

const sent = (as: string, method = "GET", body?: unknown) => ({
  method,
  headers: { cookie: cookies[as]!, ...(body === undefined ? {} : { "content-type": "application/json" }) },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
});
async function json<T = Whole>(route: string, options: Parameters<typeof ask>[2]): Promise<T> {
  const { status, text } = await ask(fixture, `/api/v1${route}`, options);
  expect(status, text).toBe(200);
  return JSON.parse(text) as T;
}
const get = (draft_id: number) => json(`/drafts/${draft_id}`, sent("control"));
const step = (as: string, draft: Pick<Whole, "draft_id" | "version">, name: string, more: object = {}) =>
  [`/drafts/${draft.draft_id}/steps`, sent(as, "POST", { version: draft.version, step: name, ...more })] as const;
const approve = (draft: Whole, publish_on = clock.slice(0, 10)) =>
  step("control:bert", draft, "approve", { publish_on });

/** Begins a draft with these texts and proposes it, as Anna does. */
async function proposed(texts: object): Promise<Whole> {
  const draft = await json("/drafts", sent("control:anna", "POST", texts));
  return json(...step("control:anna", draft, "propose", { note: "Graag je oordeel" }));
}
const refused = async (draft: Whole) => {
  const [route, options] = approve(draft);
  return askProblem(fixture, `/api/v1${route}`, options);
};
/** Waits until the pipelines have done all that was asked. */
async function quiet(): Promise<void> {
  await fixture.publisher.tick();
  while (bench.owner.state().task || bench.owner.state().waiting > 0) await sleep(20);
  await fixture.snapshots.refresh();
}
const adopted = (...name: string[]) => path.join(bench.home.folder, "definitions", ...name);
const own = (id: string) => path.join(bench.config, "pipelines", "indicators", `${id}.sql`);
const withdraw = async (draft: Whole) => json(...step("control", await get(draft.draft_id), "withdraw"));

describe("a draft that another controller approves", () => {
  it("is published as its texts are, byte for byte, and readers have its figures", async () => {
    const draft = await proposed(within70);
    const approved = await json(...approve(draft));
    expect(approved).toMatchObject({ approved_by: "control:bert", approved_at: "2017-07-03T08:00:00.000Z" });
    await quiet();
    const now = await get(draft.draft_id);
    expect(now).toMatchObject({ state: "published", publish_on: "2017-07-03", trouble: null, is_new: false });
    expect(now.steps.at(-1)).toMatchObject({ step: "publish", version: 1, taken_by: "monitor" });
    const { definition, examples, targets } = within70;
    expect(now.standing).toEqual({ definition, examples, targets });
    for (const [name, file] of [
      ["definition.sql", adopted("indicators", "complaints-within-70.sql")],
      ["examples.yaml", adopted("examples", "complaints-within-70.yaml")],
      ["targets.csv", adopted("targets.csv")],
    ] as const) {
      const { bytes } = await ask(fixture, `/api/v1/drafts/${draft.draft_id}/${name}`, sent("control"));
      expect(bytes.equals(readFileSync(file)), name).toBe(true);
    }
    const rows = await json(
      "/series?indicator=complaints-within-70&unit=new&grain=half&from=2016-01-01&to=2016-12-31&fields=numerator,denominator,value,target",
      sent("control"),
    );
    expect(rows).toEqual([
      { numerator: 2, denominator: 3, value: 2 / 3, target: 0.6 },
      { numerator: 1, denominator: 1, value: 1, target: 0.6 },
    ]);
  }, 60_000);

  it("waits for its day, and for nobody", async () => {
    const { targets } = within70;
    const draft = await proposed({ indicator_id: "complaints-within-70", targets: targets.replace(",0.6,", ",0.7,") });
    await json(...approve(draft, "2017-08-01"));
    await quiet();
    expect((await get(draft.draft_id)).state).toBe("approved");
    clock = "2017-07-31T21:59:00Z";
    await quiet();
    expect((await get(draft.draft_id)).state).toBe("approved");
    // The day begins where the monitor is, not in Greenwich.
    clock = "2017-07-31T22:01:00Z";
    await quiet();
    const now = await get(draft.draft_id);
    expect(now.state).toBe("published");
    expect(now.standing!.targets).toBe(draft.targets);
    expect(now.standing!.definition).toBe(within70.definition);
  }, 60_000);

  it("is told in the log of who did what, each step by whom", async () => {
    const log = await json<Entry[]>("/audit", {});
    const told = log.filter(({ did }) => did === "changed").map(({ user, selection }) => [user, selection]);
    expect(told.slice(-4).reverse()).toEqual([
      ["control:anna", "/drafts/1?indicator=complaints-within-70"],
      ["control:anna", "/drafts/1/steps?step=propose&version=1"],
      ["control:bert", "/drafts/1/steps?step=approve&version=1"],
      ["monitor", "/drafts/1?step=publish&indicator=complaints-within-70&version=1"],
    ]);
  });
});

describe("an approval", () => {
  it.each<[string, object, RegExp]>([
    [
      "with faults",
      { definition: within70.definition.replace("kind: share", "kind: shares") },
      /has a fault in definition, line \d+: kind/,
    ],
    ["without a worked example", { examples: "" }, /has no worked example/],
    [
      "with an example that comes out otherwise",
      { examples: examples.replace("0.6667", "0.7") },
      /1 of 1 rows of the example come out otherwise/,
    ],
    ["with targets that are none", { targets: targetsOf("complaints-other", "2") }, /in targets, line 2: value 2/],
  ])(
    "of a draft %s is refused with the reason, and leaves it as it was",
    async (_what, change, words) => {
      const id = "complaints-other";
      const draft = await proposed({ ...within70, targets: targetsOf(id, "0.5"), ...change, indicator_id: id });
      const problem = await refused(draft);
      expect(problem).toMatchObject({ status: 422, type: "urn:kvv:problem:draft-unfit" });
      expect(problem.detail).toMatch(words);
      expect((await get(draft.draft_id)).state).toBe("proposed");
      await withdraw(draft);
    },
    60_000,
  );

  it("of one of two who decide at once is the one that counts", async () => {
    const draft = await proposed({
      ...within70,
      indicator_id: "complaints-twice",
      targets: targetsOf("complaints-twice", "0.5"),
    });
    const answers = await Promise.all(
      [approve(draft, "2017-09-01"), step("control", draft, "approve", { publish_on: "2017-10-01" })].map(
        ([route, options]) => ask(fixture, `/api/v1${route}`, options),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await get(draft.draft_id)).steps.filter((each) => each.step === "approve")).toHaveLength(1);
    await withdraw(draft);
  }, 60_000);
});

describe("a draft that cannot be published when its day has come", () => {
  it("says why, once, and is published when that is mended", async () => {
    const id = "complaints-mended";
    const draft = await proposed({ ...within70, indicator_id: id, targets: targetsOf(id, "0.5") });
    await json(...approve(draft, "2017-07-10"));
    // Meanwhile the configuration got another definition of that name.
    mkdirSync(path.dirname(own(id)), { recursive: true });
    writeFileSync(own(id), within70.definition.replace("<= 70", "<= 71"));
    clock = "2017-07-10T08:00:00Z";
    await quiet();
    await quiet();
    const stuck = await get(draft.draft_id);
    expect(stuck).toMatchObject({ state: "approved", trouble: expect.stringContaining(`${id} was not adopted`) });
    expect(stuck.steps.filter((each) => each.step === "failed")).toHaveLength(1);
    rmSync(own(id));
    await quiet();
    expect(await get(draft.draft_id)).toMatchObject({ state: "published", trouble: null });
  }, 60_000);

  it("can be returned, or withdrawn", async () => {
    const id = "complaints-returned";
    const draft = await proposed({ ...within70, indicator_id: id, targets: targetsOf(id, "0.5") });
    await json(...approve(draft, "2017-07-20"));
    const returned = await json(...step("control:bert", draft, "return", { note: "Toch niet" }));
    expect(returned).toMatchObject({ state: "returned", note: "Toch niet", approved_by: null, publish_on: null });
    clock = "2017-07-20T08:00:00Z";
    await quiet();
    expect((await withdraw(draft)).state).toBe("withdrawn");
    const problem = await refused(returned);
    expect(problem.detail).toContain('begin another draft of "complaints-returned"');
  }, 60_000);
});

describe("a draft of what stands", () => {
  it("takes its place from its own day on; what came before stays under the version before", async () => {
    const definition = within70.definition
      .replace("version: { number: 1, valid_from: 2005-01-01", "version: { number: 2, valid_from: 2016-07-01")
      .replace("<= 70", "<= 60");
    const draft = await proposed({
      ...{ indicator_id: "complaints-within-70", definition },
      examples: examples.replace("2         3           0.6667", "1         3           0.3333"),
    });
    expect(draft).toMatchObject({ is_new: false, standing: { definition: within70.definition } });
    await json(...approve(draft));
    await quiet();
    expect(await get(draft.draft_id)).toMatchObject({ state: "published", standing: { definition } });
    const rows = await json(
      "/series?indicator=complaints-within-70&unit=new&grain=half&from=2016-01-01&to=2016-12-31&fields=value,definition_version",
      sent("control"),
    );
    expect(rows).toEqual([
      { value: 2 / 3, definition_version: 1 },
      { value: 0, definition_version: 2 },
    ]);
  }, 60_000);

  it("that tells more of people is approved only by who says that they saw so, which the log has", async () => {
    const id = "complaints-wide";
    mkdirSync(path.dirname(own(id)), { recursive: true });
    writeFileSync(own(id), within70.definition.replace(/^kind:/m, "levels: [force, unit]\nkind:"));
    const definition = within70.definition.replace(
      "version: { number: 1, valid_from: 2005-01-01",
      "version: { number: 2, valid_from: 2016-07-01",
    );
    const draft = await proposed({ indicator_id: id, definition, examples, targets: "" });
    const problem = await refused(draft);
    expect(problem).toMatchObject({ status: 422, type: "urn:kvv:problem:draft-less-protected" });
    expect(problem.detail).toContain("levels: force, unit, now district, service, team, bureau");
    expect((await get(draft.draft_id)).state).toBe("proposed");
    const accepted = { publish_on: "2017-09-01", accepts_less: true };
    expect((await json(...step("control:bert", draft, "approve", accepted))).state).toBe("approved");
    const log = await json<Entry[]>("/audit?did=changed", {});
    expect(log[0]!.selection).toBe(`/drafts/${draft.draft_id}/steps?step=approve&version=1&accepts_less=levels`);
    await withdraw(draft);
    rmSync(own(id));
  }, 60_000);

  it("is refused under a number that is taken", async () => {
    const { definition } = within70;
    const draft = await proposed({ indicator_id: "complaints-within-70", definition: `${definition}\n` });
    const problem = await refused(draft);
    expect(problem.status).toBe(422);
    expect(problem.detail).toContain("version 2 is recorded already");
    await withdraw(draft);
  }, 60_000);
});

describe("a draft that is withdrawn while another is published", () => {
  it("is not published after it", async () => {
    const drafts: Whole[] = [];
    for (const id of ["complaints-first", "complaints-second"])
      drafts.push(await proposed({ ...within70, indicator_id: id, targets: "" }));
    for (const draft of drafts) await json(...approve(draft, "2017-07-04"));
    clock = "2017-07-04T08:00:00Z";
    const published = fixture.publisher.tick();
    // The first takes its time: it is checked, tried and written.
    await withdraw(drafts[1]!);
    await published;
    expect((await get(drafts[0]!.draft_id)).state).toBe("published");
    expect((await get(drafts[1]!.draft_id)).state).toBe("withdrawn");
    expect(existsSync(adopted("indicators", "complaints-second.sql"))).toBe(false);
    await quiet();
  }, 60_000);
});

describe("two servers of a home", () => {
  it("publish a draft once", async () => {
    const other = new Workspace(path.join(fixture.home, "workspace.duckdb"));
    const now = () => new Date(clock);
    const pipelines = new Pipelines(bench.home.folder);
    const second = new Publisher({
      ...{ workspace: other, pipelines, now, log: pino({ level: "silent" }) },
      dayOf: (at) => fixture.snapshots.dayOf(at),
    });
    const id = "complaints-once";
    const draft = await proposed({ ...within70, indicator_id: id, targets: targetsOf(id, "0.5") });
    await json(...approve(draft, "2017-07-05"));
    clock = "2017-07-05T08:00:00Z";
    await fixture.release();
    await Promise.all([second.tick(), fixture.publisher.tick()]);
    await other.close();
    const { steps, state } = await get(draft.draft_id);
    expect(state).toBe("published");
    expect(steps.filter((each) => each.step === "publish")).toHaveLength(1);
    await quiet();
  }, 60_000);
});
