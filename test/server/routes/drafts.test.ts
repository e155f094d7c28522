import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { projectFolder } from "../../../pipelines/settings.ts";
import type { DraftRow, wholeOf } from "../../../server/workbench/drafts.ts";
import { formulasIn } from "../../../pipelines/formulas.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { ask, askProblem } from "../ask.ts";

type Whole = ReturnType<typeof wholeOf>;

/** A server without pipelines: all of a draft's life but for what they must say of it. */
let fixture: Fixture;
let clock = "2017-02-10T09:00:00Z";
const cookies: Record<string, string> = {};
beforeEach(async () => {
  clock = "2017-02-10T09:00:00Z";
  fixture = await serveFixture({ now: () => new Date(clock) });
  for (const name of ["control", "control:anna", "control:Anna", "control:bert"])
    cookies[name] = await fixture.cookieOf({ name, roles: ["control"], units: [] });
});
afterEach(() => fixture.stop());

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
const problem = (route: string, options: Parameters<typeof ask>[2]) => askProblem(fixture, `/api/v1${route}`, options);

const begin = (as: string, body: object) => json("/drafts", sent(as, "POST", body));
const save = (as: string, draft: Whole, change: object) =>
  sent(as, "PUT", { ...textsOf(draft), version: draft.version, ...change });
const step = (as: string, draft: Pick<Whole, "draft_id" | "version">, name: string, more: object = {}) =>
  [`/drafts/${draft.draft_id}/steps`, sent(as, "POST", { version: draft.version, step: name, ...more })] as const;
const textsOf = ({ definition, examples, targets }: Whole) => ({ definition, examples, targets });
const own = (name: string) => readFileSync(path.join(projectFolder, name), "utf8");

describe("POST /api/v1/drafts", () => {
  it("begins with what stands: the definition, its worked example and its lines of targets, byte for byte", async () => {
    const draft = await begin("control:anna", { indicator_id: "intake-dual" });
    expect(draft).toMatchObject({
      ...{ draft_id: 1, indicator_id: "intake-dual", state: "draft", version: 1, is_new: false },
      ...{ saved_by: "control:anna", saved_at: "2017-02-10T09:00:00.000Z", proposed_by: null, note: null },
      ...{ publish_on: null, trouble: null, authors: ["control:anna"], own: true, steps: [] },
      versions: [{ version: 1, saved_by: "control:anna", saved_at: "2017-02-10T09:00:00.000Z" }],
    });
    expect(draft.definition).toBe(own("pipelines/indicators/intake-dual.sql"));
    expect(draft.examples).toBe(own("test/indicators/intake-dual.yaml"));
    const lines = own("data/targets.csv").split("\n");
    expect(draft.targets).toBe([lines[0], ...lines.filter((each) => each.startsWith("intake-dual,")), ""].join("\n"));
    expect(draft.standing).toEqual(textsOf(draft));
    expect(draft.title_en).toMatch(/\w/);
  });

  it("begins with a template, with another indicator, with given texts or with nothing, where none stands", async () => {
    const day = await begin("control", { indicator_id: "complaints-70-days", template: "share" });
    expect(day).toMatchObject({ is_new: true, standing: null, title_nl: null });
    expect(day.definition).toContain("kind: share");
    expect(day.definition).toContain("reviewed: 2017-02-10");
    expect(day.targets).toBe(own("data/targets.csv").split("\n")[0] + "\n");
    const copy = await begin("control", { indicator_id: "complaints-again", copy_of: "complaints" });
    expect(copy.definition).toBe(own("pipelines/indicators/complaints.sql"));
    const given = await begin("control", {
      indicator_id: "given",
      definition: "/*---\r\ntitle: x\r\n---*/",
      examples: "",
    });
    expect(given.definition).toBe("/*---\r\ntitle: x\r\n---*/");
    expect((await begin("control", { indicator_id: "nothing" })).definition).toBe("");
  });

  it("is 409 where the indicator has a draft already, and names it, until that one is withdrawn", async () => {
    const first = await begin("control:anna", { indicator_id: "complaints" });
    const refused = await problem("/drafts", sent("control:bert", "POST", { indicator_id: "complaints" }));
    expect(refused).toMatchObject({ status: 409, type: "urn:kvv:problem:draft-open" });
    expect(refused.detail).toContain('draft 1 of "complaints" is open, by control:anna');
    await json(...step("control:anna", first, "withdraw"));
    expect((await begin("control:bert", { indicator_id: "complaints" })).draft_id).toBe(2);
  });

  it.each<[string, object, number, string]>([
    ["no id", {}, 400, "indicator_id: is missing"],
    ["an id that is no name of a file", { indicator_id: "../etc" }, 400, "indicator_id: is no id"],
    ["what is no text", { indicator_id: "x", definition: "a\u0000b" }, 400, "definition: holds control characters"],
    ["the mark of a file", { indicator_id: "x", examples: "\ufeffa" }, 400, "examples: begins with a byte order mark"],
    [
      "a text that is too long",
      { indicator_id: "x", definition: "x".repeat(64_001) },
      400,
      "is longer than 64000 characters",
    ],
    [
      "a template that there is not",
      { indicator_id: "x", template: "pie" },
      404,
      'template: there is no "pie"; choose of share',
    ],
    ["a copy of nothing", { indicator_id: "x", copy_of: "nothing" }, 404, 'copy_of: no indicator "nothing"'],
    ["two beginnings", { indicator_id: "x", copy_of: "complaints", template: "share" }, 400, "choose one"],
    [
      "a template for what stands",
      { indicator_id: "complaints", template: "share" },
      409,
      '"complaints" stands already',
    ],
  ])("refuses %s", async (_what, body, status, words) => {
    const refused = await problem("/drafts", sent("control", "POST", body));
    expect(refused.status).toBe(status);
    expect(refused.detail).toContain(words);
  });
});

describe("PUT /api/v1/drafts/:draft", () => {
  it("saves the next version, as it is, and keeps those before", async () => {
    const draft = await begin("control:anna", { indicator_id: "complaints" });
    clock = "2017-02-10T09:05:00Z";
    const definition = "/*---\r\n# \u{1f600} \u00eb\r\n---*/\tselect 1\n\n";
    const saved = await json(`/drafts/1`, save("control:bert", draft, { definition }));
    expect(saved).toMatchObject({ version: 2, saved_by: "control:bert", saved_at: "2017-02-10T09:05:00.000Z" });
    expect(saved.authors).toEqual(["control:anna", "control:bert"]);
    const file = await ask(fixture, "/api/v1/drafts/1/definition.sql", sent("control"));
    expect(file.bytes.equals(Buffer.from(definition))).toBe(true);
    expect(file.headers["content-disposition"]).toBe("attachment; filename=complaints.sql");
    const before = await json<object>("/drafts/1/versions/1", sent("control"));
    expect(before).toEqual({
      version: 1,
      saved_by: "control:anna",
      saved_at: "2017-02-10T09:00:00.000Z",
      ...textsOf(draft),
    });
    expect((await problem("/drafts/1/versions/3", sent("control"))).status).toBe(404);
  });

  it("keeps every byte of whatever somebody imports, and exports it so", async () => {
    const draft = await begin("control:anna", { indicator_id: "complaints" });
    const odd = [
      "x\ufeff",
      "a\r\nb\nc\r",
      "\n\n ",
      "\t\u00a0\u2028\u{1f469}\u200d\u{1f52c}",
      "e\u0301",
      "--\u202e",
      "",
    ];
    const written = fc
      .string({ unit: "binary", maxLength: 300 })
      .filter((text) => !/^\ufeff|(?![\t\n\r])[\p{Cc}\p{Cs}]/u.test(text));
    const texts = [...odd, ...fc.sample(written, 15)];
    let version = 1;
    for (const [i, text] of texts.entries()) {
      const change = {
        definition: text,
        examples: texts[(i + 1) % texts.length],
        targets: texts[(i + 2) % texts.length],
        version,
      };
      ({ version } = await json("/drafts/1", save("control:anna", draft, change)));
      for (const [name, wanted] of Object.entries({
        "definition.sql": change.definition,
        "examples.yaml": change.examples!,
        "targets.csv": change.targets!,
      })) {
        const { status, bytes } = await ask(fixture, `/api/v1/drafts/1/${name}`, sent("control"));
        // What a spreadsheet would compute is not handed out as one.
        if (name === "targets.csv" && formulasIn(wanted).length > 0) expect(status).toBe(422);
        else expect(bytes.equals(Buffer.from(wanted)), JSON.stringify(wanted)).toBe(true);
      }
    }
  }, 30_000);

  it("hands out no targets that a spreadsheet would compute, and names what that is", async () => {
    const draft = await begin("control:anna", { indicator_id: "complaints" });
    const csv = (text: string, version: number) => save("control:anna", draft, { targets: text, version });
    await json("/drafts/1", csv("indicator_id,source\ncomplaints,=HYPERLINK(1)\n", 1));
    const problem = await askProblem(fixture, "/api/v1/drafts/1/targets.csv", sent("control"));
    expect(problem).toMatchObject({ status: 422, type: "urn:kvv:problem:draft-formula" });
    expect(problem.detail).toContain('line 2: "=HYPERLINK(1)" would be a formula');
    const plain = "indicator_id,value,source\r\ncomplaints,-0.05,a=b\r\n";
    await json("/drafts/1", csv(plain, 2));
    expect((await ask(fixture, "/api/v1/drafts/1/targets.csv", sent("control"))).text).toBe(plain);
  });

  it("of the same texts is no version", async () => {
    const draft = await begin("control:anna", { indicator_id: "complaints" });
    expect((await json("/drafts/1", save("control:bert", draft, {}))).version).toBe(1);
  });

  it("of two at once keeps one, and says to the other what became of it", async () => {
    const draft = await begin("control:anna", { indicator_id: "complaints" });
    const answers = await Promise.all(
      ["control:anna", "control:bert"].map((as) =>
        ask(fixture, "/api/v1/drafts/1", save(as, draft, { definition: `of ${as}` })),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const now = await json("/drafts/1", sent("control"));
    expect(now.versions).toHaveLength(2);
    expect(now.definition).toBe(`of ${now.saved_by}`);
    const lost = answers.find(({ status }) => status === 409)!;
    expect(lost.text).toContain(`${now.saved_by} saved draft 1 as version 2 after the version 1 that you saw`);
    expect((await problem("/drafts/1", save("control", { ...now, version: 3 }, {}))).detail).toContain(
      "no version 3 yet",
    );
    expect((await problem("/drafts/9", save("control", draft, {}))).status).toBe(404);
  });
});

describe("POST /api/v1/drafts/:draft/steps", () => {
  it("proposes with a note, returns with one, and goes back to be changed", async () => {
    const draft = await begin("control:anna", { indicator_id: "complaints" });
    expect((await problem(...step("control:anna", draft, "propose"))).detail).toContain("note: is empty");
    const proposed = await json(...step("control:anna", draft, "propose", { note: "Graag je oordeel" }));
    expect(proposed).toMatchObject({ state: "proposed", proposed_by: "control:anna", note: "Graag je oordeel" });
    const fixed = await problem("/drafts/1", save("control:anna", draft, { definition: "other" }));
    expect(fixed).toMatchObject({ status: 409, type: "urn:kvv:problem:draft-state" });
    expect((await problem(...step("control:anna", draft, "propose", { note: "x" }))).status).toBe(409);
    const talked = await json(...step("control:bert", draft, "comment", { note: "Waarom 70?" }));
    expect(talked.state).toBe("proposed");
    const returned = await json(...step("control:bert", draft, "return", { note: "Leg de termijn uit" }));
    expect(returned).toMatchObject({ state: "returned", note: "Leg de termijn uit", proposed_by: null });
    const again = await json("/drafts/1", save("control:anna", draft, { definition: "other" }));
    expect(again).toMatchObject({ state: "returned", version: 2 });
    expect((await problem(...step("control:anna", draft, "propose", { note: "x" }))).detail).toContain("version 2");
    expect(await json(...step("control:anna", again, "propose", { note: "Nu met uitleg" }))).toMatchObject({
      state: "proposed",
      steps: [
        { number: 1, step: "propose", version: 1, note: "Graag je oordeel", taken_by: "control:anna" },
        { number: 2, step: "comment", note: "Waarom 70?", taken_by: "control:bert" },
        { number: 3, step: "return", note: "Leg de termijn uit" },
        { number: 4, step: "propose", version: 2, note: "Nu met uitleg", taken_at: "2017-02-10T09:00:00.000Z" },
      ],
    });
  });

  it("is approved by none of those who wrote or proposed it, and not before it is proposed", async () => {
    const draft = await begin("control:anna", { indicator_id: "complaints" });
    const saved = await json("/drafts/1", save("control:bert", draft, { examples: "" }));
    const approve = (as: string) => step(as, saved, "approve", { publish_on: "2017-02-10" });
    expect((await problem(...approve("control"))).detail).toBe(
      "draft 1 is draft: approve is no step from there; propose it first",
    );
    await json(...step("control", saved, "propose", { note: "Graag" }));
    // However a provider writes the name.
    for (const as of ["control", "control:anna", "control:bert", "control:Anna"])
      expect(await problem(...approve(as))).toMatchObject({ status: 403, type: "urn:kvv:problem:own-draft" });
  });

  it.each<[object, string]>([
    [{ step: "approve" }, "publish_on: is missing"],
    [{ step: "approve", publish_on: "2017-02-09" }, "publish_on: 2017-02-09 is over; name today, 2017-02-10"],
    [{ step: "propose", note: "x", publish_on: "2017-03-01" }, "publish_on: belongs to an approval"],
    [{ step: "publish" }, "step: is no step; choose of propose"],
    [{ step: "failed", note: "x" }, "step: is no step"],
    [{ step: "comment", note: "  " }, "note: is empty"],
  ])("refuses %j", async (body, words) => {
    await begin("control:anna", { indicator_id: "complaints" });
    const refused = await problem("/drafts/1/steps", sent("control", "POST", { version: 1, ...body }));
    expect(refused.status).toBe(400);
    expect(refused.detail).toContain(words);
  });

  it("without pipelines approves nothing", async () => {
    const draft = await begin("control:anna", { indicator_id: "complaints" });
    await json(...step("control:anna", draft, "propose", { note: "Graag" }));
    const refused = await problem(...step("control:bert", draft, "approve", { publish_on: "2017-02-10" }));
    expect(refused).toMatchObject({ status: 503, type: "urn:kvv:problem:no-pipelines" });
    expect((await json("/drafts/1", sent("control"))).state).toBe("proposed");
  });
});

describe("GET /api/v1/drafts", () => {
  it("has each with where it stands, the last first", async () => {
    const draft = await begin("control:anna", { indicator_id: "complaints" });
    await begin("control:bert", { indicator_id: "complaints-70-days", template: "share" });
    await json(...step("control:anna", draft, "propose", { note: "Graag" }));
    expect(await json<DraftRow[]>("/drafts", sent("control"))).toEqual([
      expect.objectContaining({ draft_id: 2, indicator_id: "complaints-70-days", state: "draft", is_new: true }),
      {
        ...{ draft_id: 1, indicator_id: "complaints", title_nl: "Klachten", title_en: "Complaints" },
        ...{ state: "proposed", version: 1, is_new: false, saved_by: "control:anna" },
        ...{ saved_at: "2017-02-10T09:00:00.000Z", proposed_by: "control:anna" },
        ...{ proposed_at: "2017-02-10T09:00:00.000Z", approved_by: null, approved_at: null },
        ...{ note: "Graag", publish_on: null, trouble: null },
      },
    ]);
  });
});

describe("GET /api/v1/workbench/indicators", () => {
  it("has every definition of the project with its title and the number of its version", async () => {
    const rows = await json<{ indicator_id: string }[]>("/workbench/indicators", sent("control"));
    expect(rows.find((each) => each.indicator_id === "complaints")).toEqual({
      ...{ indicator_id: "complaints", title_nl: "Klachten", title_en: "Complaints", version: 1 },
    });
    expect(rows.length).toBeGreaterThan(50);
  });
});

describe("the audit log", () => {
  it("tells each step with its draft, and who took it", async () => {
    const draft = await begin("control:anna", { indicator_id: "complaints" });
    await json(...step("control:anna", draft, "propose", { note: "Geheim verhaal" }));
    const rows = await json<{ did: string; selection: string; text: null }[]>("/audit?user=control:anna", {});
    expect(rows.map(({ did, selection, text }) => [did, selection, text])).toEqual([
      ["changed", "/drafts/1/steps?step=propose&version=1", null],
      ["changed", "/drafts/1?indicator=complaints", null],
    ]);
  });
});
