import { afterEach, beforeEach, describe, expect, it } from "vitest";
import readXlsx from "read-excel-file/node";
import { readContracts } from "../../../pipelines/contracts/contract.ts";
import { codes, fieldNames, type Action, type LogEntry } from "../../../server/actions/actions.ts";
import { makeSnapshot } from "../../support/snapshot.ts";
import { projectContracts, serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { ask, askProblem } from "../ask.ts";

let fixture: Fixture;
let clock = "2017-02-10T09:00:00Z";
beforeEach(async () => {
  clock = "2017-02-10T09:00:00Z";
  fixture = await serveFixture({ now: () => new Date(clock) });
});
afterEach(() => fixture.stop());

const sent = (method: string, body: unknown, headers: Record<string, string> = {}) => ({
  method,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});

async function json<T = Action[]>(path: string, options?: Parameters<typeof ask>[2]): Promise<T> {
  const { status, text } = await ask(fixture, `/api/v1${path}`, options);
  expect(status, text).toBe(200);
  return JSON.parse(text) as T;
}

const problem = (path: string, options?: Parameters<typeof ask>[2]) => askProblem(fixture, `/api/v1${path}`, options);
const ids = async (question = "") => (await json(`/actions${question}`)).map((each) => each.action_id);
const one = async (action: string) => (await json(`/actions?action=${action}`))[0]!;
const post = (body: unknown) => json("/actions", sent("POST", body));
const patch = (body: unknown) => json("/actions", sent("PATCH", body));
const log = (action: string) => json<LogEntry[]>(`/actions/${action}/history`);

const plan = {
  ...{ kind: "action", focus: "inclusion", title: "Gesprek met de netwerken", unit_id: "rotterdam" },
  status: "running",
};

/** Another delivery: one action says something else. */
async function deliver(change: string, name = "20170303T060000Z-0000bb"): Promise<void> {
  await makeSnapshot(fixture.home, { name, besides: [`update actions set delivered_at = '2017-03-03', ${change}`] });
  await fixture.snapshots.refresh();
}

describe("the fields of an action", () => {
  it("are the columns of its feed, with the same codes", () => {
    const { columns } = readContracts(projectContracts).contracts.get("actions")!;
    expect(["action_id", ...fieldNames]).toEqual(columns.map(({ name }) => name));
    const coded = columns.filter(({ values }) => values).map(({ name, values }) => [name, Object.keys(values!)]);
    expect(Object.fromEntries(coded)).toEqual(codes);
  });
});

describe("GET /api/v1/actions", () => {
  it("has the actions as they were delivered, by unit and number, and says which are late and how long", async () => {
    const rows = await json("/actions");
    expect(rows.map((each) => each.action_id)).toEqual(["a1", "a2", "a5", "a4", "a3"]);
    expect(rows[0]).toEqual({
      ...{ action_id: "a1", number: "2.9", kind: "action", focus: "connection", title: "Netwerken in de wijken" },
      ...{ unit_id: "den-haag", owner: "Programmamanager", mandatory: "yes", status: "running", year: 2016 },
      ...{ starts_on: "2016-04-15", due_on: "2016-12-31", budget: 35000, committed: 30000, spent: 20000 },
      ...{ forecast: 36000, funding: "national", cost_code: "KVV-2016", condition: null, note: "DH-2016 project 3" },
      ...{ version: 0, source: "feed", late: true, days_late: 41, delivered_differs: false, delivered: null },
      ...{ saved_at: null, saved_by: null },
    });
    expect(rows.filter((each) => each.late).map((each) => each.action_id)).toEqual(["a1"]);
    clock = "2017-07-01T09:00:00Z";
    expect((await one("a2")).days_late).toBe(1);
  });

  it("keeps to what is asked: a unit with all below it, codes, owner, lateness, year", async () => {
    expect(await ids("?unit=den-haag")).toEqual(["a1", "a2"]);
    expect(await ids("?unit=den-haag-centrum,rotterdam")).toEqual(["a2", "a3"]);
    expect(await ids("?unit=politie")).toHaveLength(5);
    expect(await ids("?kind=project,decision")).toEqual(["a2", "a3"]);
    expect(await ids("?status=done,stopped")).toEqual(["a5", "a3"]);
    expect(await ids("?focus=composition")).toEqual(["a4"]);
    expect(await ids("?owner=Sectorhoofd")).toEqual(["a2"]);
    expect(await ids("?funding=shared")).toEqual(["a2"]);
    expect(await ids("?mandatory=no")).toEqual(["a2"]);
    expect(await ids("?late=true")).toEqual(["a1"]);
    expect(await ids("?late=false&unit=den-haag")).toEqual(["a2"]);
    // Without a budget's year, any from its beginning to its due date.
    expect(await ids("?year=2016")).toEqual(["a1", "a2", "a3"]);
    expect(await ids("?year=2015")).toEqual(["a3"]);
    expect(await ids("?focus=inclusion&year=2016")).toEqual([]);
  });

  it("refuses what it does not know, with the value and what there is", async () => {
    const cases: [string, number, string][] = [
      ["?unit=nergens", 404, "nergens"],
      ["?action=a9", 404, "a9"],
      ["?kind=actie", 400, "project"],
      ["?status=laat", 400, "stopped"],
      ["?focus=elders", 404, "discrimination"],
      ["?owner=Jansen", 404, "Sectorhoofd"],
      ["?late=ja", 400, "neither true nor false"],
      ["?year=nu", 400, "2016"],
      ["?mandatory=maybe", 400, "neither yes nor no"],
      ["?colour=red", 400, "unit"],
    ];
    for (const [question, status, words] of cases) {
      const found = await problem(`/actions${question}`);
      expect([question, found.status]).toEqual([question, status]);
      expect(found.detail).toContain(words);
    }
  });

  it("is not the same answer once something was saved, and the same while nothing was", async () => {
    const first = await ask(fixture, "/api/v1/actions");
    const again = await ask(fixture, "/api/v1/actions", { headers: { "if-none-match": first.headers.etag! } });
    expect(again.status).toBe(304);
    await patch({ action_id: "a1", version: 0, status: "done" });
    const later = await ask(fixture, "/api/v1/actions", { headers: { "if-none-match": first.headers.etag! } });
    expect(later.status).toBe(200);
  });

  it("has dangerous texts as texts in CSV and XLSX", async () => {
    const csv = await ask(fixture, "/api/v1/actions?action=a2&format=csv&locale=nl");
    expect(csv.text).toContain(`"'=HYPERLINK(""http://example.org"";""Den Haag Inclusief"")"`);
    expect(csv.text).toContain(";20000,5;");
    const { bytes } = await ask(fixture, "/api/v1/actions?action=a2&format=xlsx&locale=nl");
    const [sheet] = await readXlsx(bytes);
    const [head, row] = sheet!.data;
    expect(head).toContain("Begroot");
    expect(row![head!.indexOf("Titel")]).toBe('=HYPERLINK("http://example.org";"Den Haag Inclusief")');
  });

  it("lives with a snapshot of before actions were in it: then only those that were made here", async () => {
    await makeSnapshot(fixture.home, { name: "20170303T060000Z-0000bb", without: ["actions"] });
    await fixture.snapshots.refresh();
    expect(await json("/actions")).toEqual([]);
    await post(plan);
    expect(await ids()).toEqual(["kvv-1"]);
  });
});

describe("POST /api/v1/actions", () => {
  it("adds an action, and gives it an id", async () => {
    const [made] = await post({ ...plan, due_on: "2017-12-31", budget: 1250.5, note: "  " });
    expect(made).toMatchObject({
      ...{ action_id: "kvv-1", ...plan, due_on: "2017-12-31", starts_on: null, budget: 1250.5, note: null },
      ...{ version: 1, source: "here", late: false, saved_at: "2017-02-10T09:00:00.000Z", saved_by: "lokaal" },
    });
    expect((await post(plan))[0]!.action_id).toBe("kvv-2");
    expect(await ids("?unit=rotterdam")).toEqual(["a3", "kvv-1", "kvv-2"].sort((a, b) => (a < b ? -1 : 1)));
  });

  it("adds several, or none of them", async () => {
    expect((await post([plan, { ...plan, title: "Tweede" }])).map((each) => each.action_id)).toEqual([
      "kvv-1",
      "kvv-2",
    ]);
    const half = await problem("/actions", sent("POST", [plan, { ...plan, unit_id: "nergens" }]));
    expect(half).toMatchObject({ status: 404, type: "urn:kvv:problem:unknown-unit" });
    expect(await ids("?unit=rotterdam")).toHaveLength(3);
  });

  it("refuses what breaks the rules of the feed, with the field and the remedy", async () => {
    const cases: [Record<string, unknown>, string][] = [
      [{ ...plan, status: "late" }, "proposed"],
      [{ ...plan, kind: undefined }, "action, project, decision"],
      [{ ...plan, title: " " }, "title: is empty"],
      [{ ...plan, title: "a\u0000b" }, "control characters"],
      [{ ...plan, title: "a\nb" }, "more than one line"],
      [{ ...plan, title: "a\ud800" }, "halves"],
      [{ ...plan, title: "a".repeat(501) }, "500"],
      [{ ...plan, due_on: "morgen" }, "2016-07-01"],
      [{ ...plan, due_on: "0201-01-01" }, "1990"],
      [{ ...plan, starts_on: "2017-02-01", due_on: "2017-01-01" }, "due_on: 2017-01-01 lies before"],
      [{ ...plan, budget: -1 }, "negative"],
      [{ ...plan, budget: "veel" }, "budget"],
      [{ ...plan, year: 1999 }, "2000"],
      [{ ...plan, colour: "red" }, "colour"],
    ];
    for (const [body, words] of cases) {
      const found = await problem("/actions", sent("POST", body));
      expect([words, found.status]).toEqual([words, 400]);
      expect(found.detail).toContain(words);
    }
    expect(await problem("/actions", sent("POST", []))).toMatchObject({ status: 400 });
    const elsewhere = sent("POST", plan, { origin: "https://example.org" });
    expect(await problem("/actions", elsewhere)).toMatchObject({ status: 403 });
  });

  it("keeps long, foreign and dangerous texts as they are", async () => {
    for (const text of [
      "<script>alert(1)</script> & '--; drop table actions",
      '=HYPERLINK("http://example.org")',
      "שלום עולם 👮🏽‍♀️",
      "__proto__",
    ]) {
      const [made] = await post({ ...plan, title: text, note: `${text}\n\tregel` });
      expect(made).toMatchObject({ title: text, note: `${text}\n\tregel` });
    }
    const [long] = await post({ ...plan, note: "a".repeat(10_000) });
    expect(long!.note).toHaveLength(10_000);
  });
});

describe("PATCH /api/v1/actions", () => {
  it("changes only the fields that are sent, of a delivered action too", async () => {
    const before = await one("a1");
    const [after] = await patch({ action_id: "a1", version: 0, status: "done", spent: 34000 });
    expect(after).toEqual({
      ...before,
      ...{ status: "done", spent: 34000, version: 1, source: "here", late: false, days_late: null },
      ...{ saved_at: "2017-02-10T09:00:00.000Z", saved_by: "lokaal" },
    });
    expect((await patch({ action_id: "a1", version: 1, note: null }))[0]).toMatchObject({ note: null, version: 2 });
  });

  it("is 409 where someone else saved meanwhile, and saves nothing of the rest", async () => {
    await patch({ action_id: "a1", version: 0, status: "done" });
    const both = [
      { action_id: "a2", version: 0, status: "done" },
      { action_id: "a1", version: 0, status: "stopped" },
    ];
    const found = await problem("/actions", sent("PATCH", both));
    expect(found).toMatchObject({ status: 409, type: "urn:kvv:problem:action-changed" });
    expect(found.detail).toContain("lokaal");
    expect(await one("a2")).toMatchObject({ status: "running", version: 0 });
    expect(await one("a1")).toMatchObject({ status: "done", version: 1 });
  });

  it("saves nothing anew where all stands there already", async () => {
    const [same] = await patch({ action_id: "a1", version: 0, status: "running" });
    expect(same).toMatchObject({ version: 0, source: "feed" });
  });

  it("lets one of two who save at once through, and tells the other", async () => {
    const save = (status: string) => ask(fixture, "/api/v1/actions", sent("PATCH", { action_id: "a1", version: 0, status })); // prettier-ignore
    const answers = await Promise.all([save("done"), save("stopped")]);
    expect(answers.map((each) => each.status).sort()).toEqual([200, 409]);
    const kept = answers.find((each) => each.status === 200)!;
    expect(await one("a1")).toEqual((JSON.parse(kept.text) as Action[])[0]);
  });

  it("loses nothing of 50 people who save at once, each their own action", async () => {
    const made = await post(Array.from({ length: 50 }, (_, n) => ({ ...plan, title: `Actie ${n}` })));
    await Promise.all(
      made.map(async ({ action_id }, n) => {
        await patch({ action_id, version: 1, spent: n });
        await patch({ action_id, version: 2, status: "done" });
      }),
    );
    const rows = new Map((await json("/actions")).map((each) => [each.action_id, each]));
    for (const [n, { action_id }] of made.entries())
      expect(rows.get(action_id)).toMatchObject({ title: `Actie ${n}`, spent: n, status: "done", version: 3 });
  });

  it("refuses what is not there, and dates that do not follow each other", async () => {
    const nowhere = sent("PATCH", { action_id: "a9", version: 0, status: "done" });
    expect(await problem("/actions", nowhere)).toMatchObject({ status: 404, type: "urn:kvv:problem:unknown-action" });
    const early = sent("PATCH", { action_id: "a1", version: 0, due_on: "2016-01-01" });
    expect(await problem("/actions", early)).toMatchObject({ status: 400 });
    const elsewhere = sent("PATCH", { action_id: "a1", version: 0, unit_id: "nergens" });
    expect(await problem("/actions", elsewhere)).toMatchObject({ status: 404 });
    const unseen = sent("PATCH", { action_id: "a1", version: 3, status: "done" });
    expect(await problem("/actions", unseen)).toMatchObject({ status: 409 });
  });

  it("holds beside a later delivery, and says where that differs until somebody has looked", async () => {
    await patch({ action_id: "a1", version: 0, status: "done" });
    expect(await one("a1")).toMatchObject({ delivered_differs: false });
    await deliver("status = 'stopped', spent = 21000 where action_id = 'a1'");
    expect(await one("a1")).toMatchObject({
      ...{ status: "done", spent: 20000, delivered_differs: true, delivered: { status: "stopped", spent: 21000 } },
    });
    // Who takes a part over is still told of the rest.
    await patch({ action_id: "a1", version: 1, spent: 21000 });
    expect(await one("a1")).toMatchObject({ delivered: { status: "stopped" } });
    await patch({ action_id: "a1", version: 2, delivery_seen: true });
    expect(await one("a1")).toMatchObject({ status: "done", delivered_differs: false, delivered: null, version: 3 });
  });

  it("says nothing of a delivery that says what was written here", async () => {
    await patch({ action_id: "a1", version: 0, status: "done" });
    await deliver("status = 'done' where action_id = 'a1'");
    expect(await one("a1")).toMatchObject({ delivered_differs: false, source: "here" });
  });

  it("lets a delivery through where nothing was written here", async () => {
    await deliver("status = 'done' where action_id = 'a1'");
    expect(await one("a1")).toMatchObject({ status: "done", source: "feed", version: 0 });
  });
});

describe("POST /api/v1/actions/file", () => {
  async function send(content: string | Buffer, name = "acties.csv", more: Record<string, string> = {}) {
    const form = new FormData();
    for (const [field, text] of Object.entries(more)) form.append(field, text);
    form.append("file", new Blob([new Uint8Array(Buffer.from(content))]), name);
    const response = await fetch(`${fixture.address}/api/v1/actions/file`, {
      method: "POST",
      body: form,
      headers: { cookie: fixture.cookie },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> & { detail: string } };
  }

  const list = [
    "Nummer;Soort;Thema;Titel;Eenheid;Eigenaar;Verplicht;Begint op;Uiterlijk op;Stand;Jaar;Begroot;Dekking",
    "1.1;actie;composition;=Werving;Rotterdam;Hoofd HRM;ja;01-01-2017;31-12-2017;loopt;2017;1.250,50;landelijk",
    '1.2;besluit;inclusion;"Plan; van aanpak";den-haag;;;;;voorgesteld;;;',
  ];

  it("adds the rows of a Dutch CSV, in the words of the feed, and nothing anew the second time", async () => {
    const csv = list.join("\r\n");
    expect(await send(csv)).toEqual({ status: 200, body: { read: 2, added: 2, changed: 0, unchanged: 0 } });
    expect(await one("kvv-1")).toMatchObject({
      ...{ number: "1.1", kind: "action", focus: "composition", title: "=Werving", unit_id: "rotterdam" },
      ...{ owner: "Hoofd HRM", mandatory: "yes", starts_on: "2017-01-01", due_on: "2017-12-31", status: "running" },
      ...{ year: 2017, budget: 1250.5, funding: "national", version: 1 },
    });
    expect(await one("kvv-2")).toMatchObject({ kind: "decision", title: "Plan; van aanpak", budget: null });
    expect(await send(csv)).toMatchObject({ body: { read: 2, added: 0, unchanged: 2 } });
  });

  it("takes back an export in every shape, and changes only what was changed in it", async () => {
    for (const shape of [
      "format=csv&locale=nl&about=true",
      "format=csv",
      "format=xlsx&locale=nl",
      "format=xlsx",
      "format=json",
    ]) {
      const { bytes } = await ask(fixture, `/api/v1/actions?${shape}`);
      expect([shape, (await send(bytes)).body]).toEqual([shape, { read: 5, added: 0, changed: 0, unchanged: 5 }]);
    }
    const { text } = await ask(fixture, "/api/v1/actions?format=csv&locale=nl");
    const changed = text.replace("Netwerken in de wijken", "Netwerken in alle wijken").replace(";35000;", ";35500;");
    expect((await send(changed)).body).toEqual({ read: 5, added: 0, changed: 1, unchanged: 4 });
    expect(await one("a1")).toMatchObject({ title: "Netwerken in alle wijken", budget: 35500, version: 1 });
    // It says what was seen then: somebody has saved since.
    const again = text.replace("Netwerken in de wijken", "Netwerken in geen wijken");
    expect(await send(again)).toMatchObject({ status: 409 });
  });

  it("reads JSON, of which empty fields are nothing", async () => {
    const rows = [{ ...plan, budget: 10, number: null }];
    expect((await send(JSON.stringify(rows), "acties.json")).body).toMatchObject({ added: 1 });
    expect(await one("kvv-1")).toMatchObject({ budget: 10, number: null });
  });

  it("saves nothing where a line cannot be, and names each with the reason", async () => {
    const bad = [
      "kind;focus;title;unit_id;status;due_on;starts_on;budget;action_id;version",
      "action;inclusion;Goed;rotterdam;running;;;;;",
      "action;inclusion;;rotterdam;running;;;;;",
      "taak;inclusion;Een;nergens;running;;;;;",
      "action;inclusion;Twee;rotterdam;running;2016-01-01;2017-01-01;-5;;",
      "action;inclusion;Drie;rotterdam;running;morgen;;veel;;",
      "action;inclusion;Vier;rotterdam;done;;;;a9;0",
      "action;inclusion;Vijf;rotterdam;done;;;;a1;",
    ].join("\n");
    const { status, body } = await send(bad);
    expect([status, body.type]).toEqual([422, "urn:kvv:problem:bad-rows"]);
    for (const words of [
      "line 3, title:",
      'line 4, kind: "taak" cannot be read',
      'line 4, unit_id: no unit "nergens"',
      "line 5, due_on: 2016-01-01 lies before",
      'line 6, due_on: "morgen" cannot be read',
      'line 6, budget: "veel" cannot be read',
      'line 7, action_id: no action "a9"',
      "line 8, version: is missing",
    ])
      expect(body.detail).toContain(words);
    expect(await ids("?unit=rotterdam")).toEqual(["a3"]);
  });

  it("refuses what is no list of actions, with the reason", async () => {
    const cases: [string | Buffer, string][] = [
      ["", "empty"],
      ["naam;leeftijd\njan;4\n", "leeftijd"],
      ["%PDF-1.4 x", "PDF"],
      [Buffer.from([0x50, 0x4b, 3, 4, 1, 2, 3]), ""],
    ];
    for (const [content, words] of cases) {
      const { status, body } = await send(content);
      expect([words, status]).toEqual([words, 422]);
      expect(body.detail).toContain(words);
    }
    expect(await send("kind\n", "a.csv", { wat: "x" })).toMatchObject({ status: 400 });
    const many = `kind;focus;title;unit_id;status\n${"action;inclusion;x;rotterdam;running\n".repeat(2001)}`;
    expect((await send(many)).body.detail).toContain("2000");
  });
});

describe("GET /api/v1/actions/:action/history", () => {
  it("says who changed what and when, from the delivery on", async () => {
    await patch({ action_id: "a1", version: 0, status: "done" });
    clock = "2017-03-01T09:00:00Z";
    await patch({ action_id: "a1", version: 1, status: "running", due_on: "2017-06-30" });
    const entries = await log("a1");
    expect(entries.slice(0, 2)).toEqual([
      {
        ...{ source: "here", version: 2, saved_at: "2017-03-01T09:00:00.000Z", saved_by: "lokaal" },
        changes: [
          { field: "due_on", old: "2016-12-31", new: "2017-06-30" },
          { field: "status", old: "done", new: "running" },
        ],
      },
      {
        ...{ source: "here", version: 1, saved_at: "2017-02-10T09:00:00.000Z", saved_by: "lokaal" },
        changes: [{ field: "status", old: "running", new: "done" }],
      },
    ]);
    expect(entries[2]).toMatchObject({
      source: "feed",
      version: 0,
      saved_at: "2017-02-01T08:00:00.000Z",
      saved_by: null,
    });
    expect(entries[2]!.changes).toContainEqual({ field: "status", old: null, new: "running" });
    expect(entries).toHaveLength(3);
  });

  it("has a later delivery with what it says anew", async () => {
    await patch({ action_id: "a1", version: 0, status: "done" });
    await deliver("spent = 21000 where action_id = 'a1'");
    const [last] = await log("a1");
    expect(last).toEqual({
      ...{ source: "feed", version: 1, saved_at: "2017-03-03T00:00:00.000Z", saved_by: null },
      changes: [{ field: "spent", old: 20000, new: 21000 }],
    });
    await patch({ action_id: "a1", version: 1, delivery_seen: true });
    expect((await log("a1")).map(({ source, version }) => [source, version])).toEqual([
      ["here", 2],
      ["feed", 1],
      ["here", 1],
      ["feed", 0],
    ]);
  });

  it("begins with the first version of an action that was made here; 404 for none", async () => {
    await post(plan);
    const entries = await log("kvv-1");
    expect(entries).toMatchObject([{ source: "here", version: 1 }]);
    expect(entries[0]!.changes).toContainEqual({ field: "title", old: null, new: plan.title });
    expect(await problem("/actions/kvv-9/history")).toMatchObject({ status: 404 });
  });
});
