import { readFileSync } from "node:fs";
import type { Server } from "node:net";
import path from "node:path";
import { createHash } from "node:crypto";
import { setTimeout as after } from "node:timers/promises";
import { brotliDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listenForCommands } from "../../../pipelines/handover.ts";
import { Owner } from "../../../pipelines/owner.ts";
import { projectFolder } from "../../../pipelines/settings.ts";
import type { DraftCheck, DraftPreview } from "../../../pipelines/workbench/draft.ts";
import type { Entry } from "../../../server/audit.ts";
import type { Template } from "../../../server/workbench/templates.ts";
import { makeHome } from "../../support/home.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { ask } from "../ask.ts";

const units =
  "unit_id,name,level,parent_id,valid_from\npolitie,Politie,force,,2013-01-01\nden-haag,Den Haag,unit,politie,2013-01-01\n";
const complaints =
  "complaint_id,received_on,unit_id,aspects\nK-1,2016-01-10,den-haag,treatment\nK-2,2016-02-10,den-haag,service\n";

/** Real pipelines with the definitions of the project, and a few rows. */
/** A slower machine than people work on. */
const home = makeHome({ KVV_DRAFT_SECONDS: "12" });
let owner: Owner;
let socket: Server;
let fixture: Fixture;
let cookie: string;
beforeAll(async () => {
  owner = await Owner.open(home.context);
  socket = await listenForCommands(home.folder, (asked, tell, gone) => owner.answer(asked, tell, gone));
  await load("units", units);
  await load("complaints", complaints);
  await load(
    "staffing",
    "period,unit_id,category,role,gender,background,headcount\n2016-12-31,den-haag,executive,employee,man,dual,32\n2016-12-31,den-haag,executive,employee,man,single,68\n",
  );
  fixture = await serveFixture({ pipelinesHome: home.folder });
  cookie = await fixture.cookieOf({ name: "control:anna", roles: ["control"], units: [] });
}, 60_000);
afterAll(async () => {
  await fixture.stop();
  socket.close();
  await owner.close();
  await home.remove();
});

async function load(feed: string, text: string, to = home, by = owner): Promise<void> {
  const command = { command: "load", arguments: [feed, to.write(`${feed}.csv`, text)], cwd: to.folder };
  const { failed, result } = await by.answer(command, () => undefined);
  expect(failed ?? (result as { refused: string | null }).refused).toBeNull();
}

const post = (body: object) => ({
  method: "POST",
  headers: { cookie, "content-type": "application/json" },
  body: JSON.stringify(body),
});
async function json<T>(route: string, body: object): Promise<T> {
  const { status, text } = await ask(fixture, `/api/v1${route}`, post(body));
  expect(status, text).toBe(200);
  return JSON.parse(text) as T;
}
const own = (id: string) => ({
  definition: readFileSync(path.join(projectFolder, "pipelines", "indicators", `${id}.sql`), "utf8"),
  examples: readFileSync(path.join(projectFolder, "test", "indicators", `${id}.yaml`), "utf8"),
});
const targets = readFileSync(path.join(projectFolder, "data", "targets.csv"), "utf8").split("\n")[0] + "\n";
/** What the log has under a name once no more comes: lines are written after the answer. */
const log = async (what: string, by = fixture): Promise<(Entry & { text: string | null })[]> => {
  for (let before = -1; ; await after(60)) {
    const lines = JSON.parse((await ask(by, "/api/v1/audit")).text) as (Entry & { text: string | null })[];
    const found = lines.filter((each) => each.what === what);
    if (found.length === before) return found;
    before = found.length;
  }
};
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

describe("POST /api/v1/drafts/check", () => {
  it("says that a definition of the project is sound, and what its example gives", async () => {
    const found = await json<DraftCheck>("/drafts/check", {
      indicator_id: "complaints",
      ...own("complaints"),
      targets,
    });
    expect(found).toMatchObject({ faults: [], feeds: ["complaints"], protected: false });
    expect(found.examples.length).toBeGreaterThan(0);
    expect(found.examples.every(({ ok }) => ok)).toBe(true);
  });

  it("names faults with their part and line, and looks at the log no more than once", async () => {
    const { definition, examples } = own("complaints");
    const draft = {
      indicator_id: "complaints-2",
      definition: definition.replace("received_on as", "recieved as"),
      examples,
    };
    for (const lines of [targets, `${targets}complaints-2,politie\n`]) {
      const { faults } = await json<DraftCheck>("/drafts/check", { ...draft, targets: lines });
      expect(faults.some(({ part, message }) => part === "definition" && message.includes("recieved"))).toBe(true);
      expect(faults.some(({ part }) => part === "targets")).toBe(lines !== targets);
    }
    expect(await log("POST /drafts/check")).toHaveLength(1);
  });
});

describe("GET /api/v1/templates", () => {
  it("are sound but for the words that are to be filled in, and their examples come out", async () => {
    const { text } = await ask(fixture, "/api/v1/templates", { headers: { cookie } });
    const all = JSON.parse(text) as Template[];
    expect(all.map(({ template }) => template)).toEqual(expect.arrayContaining(["share", "rate", "count", "duration"]));
    for (const { template, definition, examples } of all) {
      const empty = await json<DraftCheck>("/drafts/check", { indicator_id: "new-one", definition, examples, targets });
      expect(empty.faults.length, template).toBeGreaterThan(0);
      for (const { part, message } of empty.faults)
        expect(`${template} ${part} ${message}`).toMatch(
          /definition (title|question|description|why|sentence|numerator|denominator|owner|source)\b/,
        );
      const filled = definition
        .replace('sentence: { nl: "", en: "" }', 'sentence: { nl: "{period} {value}", en: "{period} {value}" }')
        .replace('source: [""]', "source: [KVV]")
        .replaceAll('""', '"woorden"');
      const found = await json<DraftCheck>("/drafts/check", {
        indicator_id: "new-one",
        definition: filled,
        examples,
        targets,
      });
      expect({ template, faults: found.faults }).toEqual({ template, faults: [] });
      expect(
        found.examples.filter(({ ok }) => !ok),
        template,
      ).toEqual([]);
    }
  });
});

/** A draft with this query; a count, without breakdowns. */
function asking(query: string): string {
  const { definition } = own("internships");
  return definition.slice(0, definition.indexOf("---*/")) + `---*/\n${query}\n`;
}

/** Permitted, and never done. */
const endless = `with months as (
  select unnest(range(timestamp '1900-01-01', timestamp '2100-01-01', interval 1 month)) as start from complaints
)
select complaints.unit_id, complaints.received_on as month, count(*) as numerator
from complaints, months as a, months as b, months as c
where a.start <> b.start and b.start <> c.start
group by complaints.unit_id, complaints.received_on`;

describe("POST /api/v1/preview", () => {
  it("gives a draft's figures, and tells the log a hash of its text", async () => {
    const { definition } = own("complaints");
    const found = await json<DraftPreview>("/preview", { definition });
    expect(found.rounded).toBe(false);
    const year = found.rows.find((each) => each.unit_id === "den-haag" && each.grain === "year" && !each.breakdown);
    expect(year).toMatchObject({ period_end: "2016-12-31", value: 2 });
    const [last] = await log("POST /preview");
    expect(last).toMatchObject({
      ...{ user: "control:anna", did: "looked", status: 200, text: null },
      selection: `/preview?indicator=new-indicator&sha256=${hashOf(definition)}`,
    });
  });

  it("of something protected is rounded, and the log has its text", async () => {
    const { definition } = own("staffing-dual");
    const body = { indicator_id: "staffing-dual", definition, against: "current" };
    const found = await json<DraftPreview>("/preview", body);
    expect(found.rounded).toBe(true);
    expect(new Set(found.rows.map(({ grain }) => grain))).toEqual(new Set(["year"]));
    const row = found.rows.find(({ unit_id }) => unit_id === "den-haag")!;
    expect(row.denominator).toBe(100);
    // Of 32: which of the two the home's own key says.
    expect([30, 35]).toContain(row.numerator);
    const [last] = await log("POST /preview");
    expect(last).toMatchObject({ text: definition });
    expect(last!.selection).toContain("&against=current");
  });

  it("goes out packed to whoever takes that", async () => {
    const { definition } = own("complaints");
    const asked = post({ definition });
    const headers = { ...asked.headers, "accept-encoding": "br" };
    const packed = await ask(fixture, "/api/v1/preview", { ...asked, headers });
    expect(packed.headers["content-encoding"]).toBe("br");
    const { rows } = JSON.parse(brotliDecompressSync(packed.bytes).toString()) as DraftPreview;
    expect(rows).toEqual((await json<DraftPreview>("/preview", { definition })).rows);
  });

  it("is told each time anew", async () => {
    const { definition } = own("complaints");
    const before = (await log("POST /preview")).length;
    await json("/preview", { definition });
    await json("/preview", { definition });
    expect(await log("POST /preview")).toHaveLength(before + 2);
  });

  it.each([
    [
      "another table",
      "select unit_id, received_on as month, 1 as numerator from loads",
      "draft-refused",
      /there is no feed "loads"/,
    ],
    [
      "a file",
      "select 'a' as unit_id, current_date as month, 1 as numerator from read_csv('/etc/passwd')",
      "draft-refused",
      /read_csv\(\)/,
    ],
    [
      "two statements",
      "select unit_id, received_on as month, 1 as numerator from complaints; select unit_id, received_on, 2 from complaints",
      "draft-refused",
      /write exactly one SELECT/,
    ],
  ])("of %s is 422 with the reason, and the log has it too", (_what, query, code, words) =>
    expectRefused(asking(query), code, words),
  );

  it("of rows without end is 422 with the reason, and the log has it too", async () => {
    // The time that a draft may take is the home's: one of its own has little.
    const hasty = makeHome({ KVV_DRAFT_SECONDS: "1" });
    const its = await Owner.open(hasty.context);
    const listening = await listenForCommands(hasty.folder, (asked, tell, gone) => its.answer(asked, tell, gone));
    await load("units", units, hasty, its);
    await load("complaints", complaints, hasty, its);
    const served = await serveFixture({ pipelinesHome: hasty.folder });
    await expectRefused(asking(endless), "draft-too-slow", /takes too long/, served);
    await served.stop();
    listening.close();
    await its.close();
    await hasty.remove();
  });

  async function expectRefused(definition: string, code: string, words: RegExp, by = fixture): Promise<void> {
    const headers = { ...post({}).headers, cookie: by.cookie };
    const { status, text } = await ask(by, "/api/v1/preview", { ...post({ definition }), headers });
    expect(status).toBe(422);
    const { type, detail } = JSON.parse(text) as { type: string; detail: string };
    expect([type, detail]).toEqual([`urn:kvv:problem:${code}`, expect.stringMatching(words)]);
    expect((await log("POST /preview", by))[0]).toMatchObject({ status: 422, text: definition });
  }

  it("is broken off when its asker is gone", async () => {
    const { definition } = own("complaints");
    const draft = asking(endless);
    const gone = new AbortController();
    const asked = fetch(`${fixture.address}/api/v1/preview`, { ...post({ definition: draft }), signal: gone.signal });
    setTimeout(() => gone.abort(), 300);
    await expect(asked).rejects.toThrow(/abort/i);
    const started = performance.now();
    await json("/preview", { definition });
    expect(performance.now() - started).toBeLessThan(11_000);
    expect((await log("POST /preview")).some(({ status }) => status === 499)).toBe(true);
  });
});
