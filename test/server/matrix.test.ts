import { tableFromIPC } from "apache-arrow";
import readXlsx from "read-excel-file/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proofOfRoute, rightOfPage, rightOfRoute } from "../../server/access.ts";
import { keysOf } from "../../server/servers/keys.ts";
import { Tickets } from "../../server/servers/ticket.ts";
import { oneIn } from "../support/long.ts";
import { serveFixture, type Fixture } from "../support/serve-fixture.ts";
import { ask } from "./ask.ts";

/**
 * Every route and page, asked by every role about its own unit, another and the one above. What is expected is written
 * here once more, by hand, and in other words than in the table: for each right the roles that have it.
 */

let fixture: Fixture;
const publishedToken = "a-secret-of-what-is-published-0123456789";
const serversSecret = "a-secret-of-servers-0123456789-abcdef";
const cookies: Record<string, string> = {};
/** The force and all units as a whole, and what is below one of them. */
const wide: readonly string[] = ["politie", "korps-haaglanden", "den-haag", "rotterdam", "amsterdam"];
const centre: readonly string[] = ["den-haag-centrum", "den-haag-centrum-hofstad"];
/** Each with the units whose figures they may see, those that are theirs, and the rights that follow. */
const people = {
  "leadership:rotterdam": { shown: wide, own: ["rotterdam"] },
  "leadership:den-haag": { shown: [...wide, ...centre], own: ["den-haag", ...centre] },
  "leadership:den-haag-centrum": { shown: [...wide, ...centre], own: centre },
  "programme:rotterdam": { shown: ["politie", "rotterdam"], own: ["rotterdam"] },
  hrm: { shown: "all", own: [] },
  control: { shown: "all", own: "all" },
  portfolio: { shown: wide, own: wide },
  admin: { shown: wide, own: [] },
} satisfies Record<string, { shown: "all" | readonly string[]; own: "all" | readonly string[] }>;
type Person = keyof typeof people;
const persons = Object.keys(people) as Person[];
const units = ["politie", "den-haag", "den-haag-centrum", "rotterdam"];

/** For each right: who has it, and whether it is about what they may see (`shown`), what is theirs (`own`), or no unit. */
const expected: Record<string, [who: string, about: "shown" | "own" | "nothing"]> = {
  know: ["leadership programme hrm control portfolio admin", "shown"],
  figures: ["leadership programme hrm control portfolio", "shown"],
  recent: ["leadership programme control portfolio", "shown"],
  plan: ["leadership hrm control portfolio", "shown"],
  reviews: ["leadership programme control portfolio", "own"],
  write_reviews: ["leadership programme", "own"],
  sign_reviews: ["leadership", "own"],
  reopen_reviews: ["leadership portfolio", "own"],
  national: ["control portfolio", "own"],
  releases: ["leadership programme hrm control portfolio", "nothing"],
  release: ["control", "nothing"],
  evaluations: ["leadership programme hrm control portfolio", "own"],
  write_evaluations: ["leadership programme hrm", "own"],
  actions: ["leadership programme control portfolio", "own"],
  write_actions: ["leadership programme control", "own"],
  data: ["control", "nothing"],
  load: ["control", "nothing"],
  drafts: ["control", "nothing"],
  write_drafts: ["control", "nothing"],
  audit: ["admin", "nothing"],
};
/** What HRM is shown of evaluations: those of all units, of HR indicators. */
const isAll = (person: Person, right: string) => person === "hrm" && /evaluations$/.test(right);

function may(person: Person, right: string, unit: string): boolean {
  const [who, about] = expected[right]!;
  if (!who.split(" ").includes(person.split(":")[0]!)) return false;
  if (about === "nothing" || isAll(person, right)) return true;
  const reach: "all" | readonly string[] = people[person][about];
  return reach === "all" || reach.includes(unit);
}

/** An address of a route about a unit; the body that comes with it is empty, and so refused by whoever may. */
function addressOf(path: string, unit: string): string {
  const filled = path
    .replace(":unit", unit)
    .replace(":half", "2016-H2")
    .replace(":subject", "discrimination")
    .replace(":year", "2016")
    .replace(":indicator", "intake-dual")
    .replace(":to", "2017-12-31")
    .replace(":file", "0".repeat(64))
    .replace(":feed", "complaints")
    .replace(":action", "x")
    .replace(":draft", "1")
    .replace(":version", "1")
    .replace(":id", "intake-dual");
  const query: Record<string, string> = {
    "/series": `indicator=intake-dual&unit=${unit}&grain=year`,
    "/overview": `unit=${unit}`,
    "/compare": "indicator=intake-dual",
    "/limits": `indicator=intake-dual&unit=${unit}`,
    "/lineage": `indicator=intake-dual&unit=${unit}&grain=year&period=2016`,
    "/disclosure/finest": `indicator=intake-dual&unit=${unit}`,
    "/units": "",
  };
  const ofUnit = [
    "/signals",
    "/signals/chance",
    "/signals.atom",
    "/recent",
    "/restatements",
    "/references",
    "/results",
    "/breaks",
    "/events",
    "/calendar",
    "/calendar.ics",
    "/calendar.atom",
    "/reconciliation",
    "/evaluations",
    "/actions",
  ];
  const asked = query[path] ?? (ofUnit.includes(path) ? `unit=${unit}` : "");
  return `${filled}${asked ? `?${asked}` : ""}`;
}
const namesUnit = (address: string) => /\b(politie|den-haag|rotterdam)\b/.test(address);

beforeAll(async () => {
  fixture = await serveFixture({ publishedToken, serversSecret });
  for (const person of persons) {
    const [role, unit] = person.split(":") as [string, string?];
    cookies[person] = await fixture.cookieOf({ name: person, roles: [role], units: unit ? [unit] : [] });
  }
});
afterAll(() => fixture.stop());

const routes = Object.entries(rightOfRoute).filter(([, right]) => right !== "anyone");

describe("every route, asked by every role about each unit", () => {
  it.each(routes)("%s", async (route, right) => {
    const [method, path] = route.split(" ") as [string, string];
    for (const person of persons)
      for (const unit of units) {
        const address = addressOf(path, unit);
        const body = method === "GET" || path === "/feeds/:feed/files" ? {} : { body: '{"nothing":1}' };
        const type =
          path === "/actions/file" || path === "/feeds/:feed/files"
            ? "multipart/form-data; boundary=b"
            : "application/json";
        const headers: Record<string, string> = {
          cookie: cookies[person]!,
          ...(method === "GET" ? { "if-none-match": "*" } : { "content-type": type }),
        };
        const { status, text } = await ask(fixture, `/api/v1${address}`, { method, headers, ...body });
        const allowed = namesUnit(address)
          ? may(person, right, unit)
          : expected[right]![0].split(" ").includes(person.split(":")[0]!);
        // No pipelines run here to take a file.
        const isIn = (status < 500 && status !== 401) || text.includes("no pipelines run here");
        const found = status === 403 ? "denied" : isIn ? "allowed" : `${status} ${text}`;
        expect(`${person} ${method} ${address}: ${found}`).toBe(
          `${person} ${method} ${address}: ${allowed ? "allowed" : "denied"}`,
        );
      }
  });

  it("asks nobody who is not signed in", async () => {
    for (const [route] of routes) {
      const [method, path] = route.split(" ") as [string, string];
      const { status } = await ask(fixture, `/api/v1${addressOf(path, "den-haag")}`, {
        method,
        headers: { cookie: "" },
      });
      expect([route, status]).toEqual([route, 401]);
    }
  });
});

/** Of each route for other servers: what lets in, said once more. */
const served: Record<string, "secret" | "ticket" | "news"> = {
  "GET /published/current": "secret",
  "GET /published/snapshots.json": "secret",
  "GET /published/:snapshot/manifest.json": "secret",
  "GET /published/:snapshot/series.duckdb": "secret",
  "POST /servers/passed-on": "ticket",
  "POST /servers/state": "news",
};

describe("every route for other servers, asked by every role and with each proof", () => {
  const own = () => new Tickets(keysOf(serversSecret).tickets, Date.now);
  const tell = async (tickets: Tickets) => (await tickets.tell({ ended: [], known: "" })).text;
  /** As another server shows it, each made for one question. */
  const shown = {
    secret: () => Promise.resolve(publishedToken),
    ticket: async () => {
      const state = await ask(fixture, "/servers/state", { method: "POST", headers: { cookie: "", authorization: `Bearer ${await tell(own())}` } }); // prettier-ignore
      const { start } = JSON.parse(state.text) as { start: string };
      const session = { id: "x", user: { name: "x", roles: ["control"], units: [] } };
      const path = "/api/v1/actions";
      const { text } = await own().issue({ to: start, method: "GET", path, headers: {}, body: false, inside: false, session }); // prettier-ignore
      return text;
    },
    news: () => tell(own()),
    "news of a stranger": () => tell(new Tickets(keysOf(`${serversSecret}x`).tickets, Date.now)),
    "the servers' secret itself": () => Promise.resolve(serversSecret),
  };

  it.each(Object.keys(proofOfRoute))("%s", async (route) => {
    const [method, path] = route.split(" ") as [string, string];
    const address = path.replace(":snapshot", "20170203T060000Z-0000aa");
    const to = async (headers: Record<string, string>) => (await ask(fixture, address, { method, headers })).status;
    const refused = path.startsWith("/published/") ? 401 : 403;
    for (const person of persons) {
      expect([person, await to({ cookie: cookies[person]! })]).toEqual([person, refused]);
      const bearer = cookies[person]!.split("=")[1]!;
      expect([person, await to({ cookie: "", authorization: `Bearer ${bearer}` })]).toEqual([person, refused]);
    }
    expect(await to({ cookie: "" })).toBe(refused);
    for (const [proof, make] of Object.entries(shown)) {
      const status = await to({ cookie: "", authorization: `Bearer ${await make()}` });
      // No list of snapshots was made here.
      const allowed = path === "/published/snapshots.json" ? 404 : 200;
      expect([proof, status]).toEqual([proof, proof === served[route] ? allowed : refused]);
    }
  });

  it("is of no use where a right is asked", async () => {
    for (const make of Object.values(shown)) {
      const authorization = `Bearer ${await make()}`;
      expect((await ask(fixture, "/api/v1/actions", { headers: { cookie: "", authorization } })).status).toBe(401);
    }
  });
});

/** Routes that answer rows of units, asked for all of them. */
const questions = [
  ["figures", "/series?indicator=all&unit=all&grain=quarter"],
  ["figures", "/series?indicator=all&grain=month&by=gender"],
  ["figures", "/series?indicator=all&unit=all&grain=half&as_of=2017-02-10"],
  ["figures", "/overview?level=team&grain=year"],
  ["figures", "/overview"],
  ["figures", "/compare?indicator=staffing-women&level=district&period=2016"],
  ["figures", "/limits?indicator=all&unit=all"],
  ["figures", "/signals"],
  ["recent", "/recent"],
  ["figures", "/restatements"],
  ["figures", "/references"],
  ["figures", "/results"],
  ["figures", "/disclosure/finest?indicator=all&unit=all"],
  ["know", "/units"],
  ["know", "/breaks"],
  ["know", "/events"],
  ["know", "/calendar?from=2016-01-01&to=2018-12-31"],
  ["evaluations", "/evaluations"],
  ["actions", "/actions"],
] as const;

describe("rows of units", () => {
  // Each question of each person as JSON, and in the long run in all other formats too; else in one of them, in turn.
  const cells = questions.flatMap(([right, question], i) =>
    persons.map((person, j) => [right, question, person, oneIn(3, ["csv", "arrow", "xlsx"], i + j)] as const),
  );

  it.each(cells)(
    "of %s, %s, have for %s none that they may not see, as JSON or %j",
    async (right, question, person, formats) => {
      const headers = { cookie: cookies[person]! };
      const answer = (format: string) =>
        ask(fixture, `/api/v1${question}${question.includes("?") ? "&" : "?"}format=${format}`, { headers });
      if (!expected[right]![0].split(" ").includes(person.split(":")[0]!)) {
        for (const format of ["json", ...formats]) expect((await answer(format)).status).toBe(403);
        return;
      }
      const all = (await askAll(question)).filter((each) => each !== null);
      const seen = all.filter((unit) => may(person, right, unit));
      const rows =
        question === "/evaluations" ? await ask(fixture, `/api/v1${question}`, { headers }) : await answer("json");
      // There is no such level among what they see.
      if ([400, 404].includes(rows.status)) return expect(seen.filter((unit) => unit !== "politie")).toEqual([]);
      const json = unitsOf(JSON.parse(rows.text) as Row[]);
      expect(json.filter((unit) => !seen.includes(unit))).toEqual([]);
      // Nothing is lost that they may see, but for HRM, which sees HR indicators only.
      if (person !== "hrm") expect(json).toEqual(seen);
      if (question === "/evaluations") return;
      const hidden = all.filter((unit) => !seen.includes(unit));
      if (formats.includes("csv")) {
        const csv = (await answer("csv")).text;
        for (const unit of hidden) expect(csv).not.toMatch(new RegExp(`(^|,)${unit}(,|$)`, "m"));
      }
      if (formats.includes("arrow")) {
        const arrow = tableFromIPC((await answer("arrow")).bytes);
        expect(unitsOf(arrow.toArray().map((row: { toJSON(): Row }) => row.toJSON()))).toEqual(json);
        // Nor in the words that codes stand for.
        const words = [...(arrow.getChild("unit_id")?.data[0]?.dictionary ?? [])] as unknown[];
        for (const unit of hidden) expect(words).not.toContain(unit);
      }
      if (formats.includes("xlsx")) {
        const texts = JSON.stringify(await readXlsx((await answer("xlsx")).bytes));
        for (const unit of hidden) expect(texts).not.toContain(`"${unit}"`);
      }
    },
  );

  type Row = { unit_id?: string | null };
  const unitsOf = (rows: Row[]) =>
    [...new Set(rows.map(({ unit_id }) => unit_id))].filter((each) => typeof each === "string").sort();
  const askAll = async (question: string) => {
    const { text } = await ask(fixture, `/api/v1${question}`);
    return unitsOf(JSON.parse(text) as Row[]);
  };
});

describe("HRM", () => {
  it("sees HR indicators only, wherever there are any", async () => {
    const headers = { cookie: cookies.hrm! };
    for (const question of [
      "/series?indicator=all&unit=all&grain=year",
      "/overview",
      "/indicators",
      "/limits?indicator=all&unit=all",
    ]) {
      const rows = JSON.parse((await ask(fixture, `/api/v1${question}`, { headers })).text) as {
        indicator_id: string;
      }[];
      const ids = new Set(rows.map(({ indicator_id }) => indicator_id));
      expect(ids.has("complaints"), question).toBe(false);
      expect(ids.size, question).toBeGreaterThan(0);
    }
    for (const path of [
      "/series?indicator=complaints",
      "/indicators/complaints",
      "/compare?indicator=complaints",
      "/series?indicator=intake-dual,complaints",
    ])
      expect((await ask(fixture, `/api/v1${path}`, { headers })).status, path).toBe(403);
  });
});

describe("actions that were written here", () => {
  const json = { "content-type": "application/json" };
  const send = (person: Person, method: string, body: object) =>
    ask(fixture, "/api/v1/actions", {
      method,
      headers: { cookie: cookies[person]!, ...json },
      body: JSON.stringify(body),
    });
  const action = (unit_id: string) => ({
    kind: "action",
    focus: "inclusion",
    title: `Van ${unit_id}`,
    unit_id,
    status: "running",
  });

  it("are of their unit: others neither see, follow, change nor add them", async () => {
    const made = await send("leadership:den-haag", "POST", action("den-haag-centrum"));
    expect(made.status, made.text).toBe(200);
    const [{ action_id, version }] = JSON.parse(made.text) as [{ action_id: string; version: number }];
    const change = { action_id, version, title: "Van een ander" };
    for (const person of ["leadership:rotterdam", "programme:rotterdam"] as const) {
      const headers = { cookie: cookies[person]! };
      expect((await ask(fixture, "/api/v1/actions", { headers })).text).not.toContain("Van den-haag");
      expect((await ask(fixture, `/api/v1/actions/${action_id}/history`, { headers })).status).toBe(404);
      expect((await send(person, "PATCH", change)).status).toBe(404);
      expect((await send(person, "POST", action("den-haag"))).status).toBe(403);
    }
    const own = await send("leadership:den-haag-centrum", "PATCH", { ...change, title: "Van ons" });
    expect(own.status, own.text).toBe(200);
    const away = await send("leadership:den-haag-centrum", "PATCH", {
      action_id,
      version: version + 1,
      unit_id: "den-haag",
    });
    expect(away.status).toBe(403);
  });
});

describe("a review", () => {
  const read = async <T>(person: Person, route: string) =>
    JSON.parse((await ask(fixture, `/api/v1${route}`, { headers: { cookie: cookies[person]! } })).text) as T;

  it("is the same for everyone who may read it: its hash, its targets and what it still needs", async () => {
    const route = "/reviews/rotterdam/2016-H2";
    const control = await read<{ hash: string; figures: { target: number | null }[] }>("control", route);
    expect(control.figures.some(({ target }) => target !== null)).toBe(true);
    for (const person of ["leadership:rotterdam", "programme:rotterdam", "portfolio"] as const)
      expect(await read(person, route)).toEqual(control);
  });

  it("needs the same in the list of all reviews", async () => {
    type List = { reviews: { unit_id: string; missing: object[] }[] };
    const ofRotterdam = ({ reviews }: List) => reviews.filter(({ unit_id }) => unit_id === "rotterdam");
    const control = ofRotterdam(await read<List>("control", "/reviews?half=2016-H2"));
    const own = await read<List>("leadership:rotterdam", "/reviews?half=2016-H2");
    expect(own.reviews).toEqual(control);
  });

  it("of a target of the force is evaluated by each unit", async () => {
    const keys = async (person: Person) =>
      (await read<{ unit_id: string; indicator_id: string }[]>(person, "/evaluations")).map(
        ({ unit_id, indicator_id }) => `${unit_id} ${indicator_id}`,
      );
    const all = await keys("control");
    expect(await keys("leadership:rotterdam")).toEqual(all.filter((each) => each.startsWith("rotterdam ")));
  });
});

describe("what is kept of one reader's answer", () => {
  const question = "/api/v1/series?indicator=staffing-women&unit=all&grain=year";
  const rowsFor = async (person: Person, headers: Record<string, string> = {}) =>
    ask(fixture, question, { headers: { cookie: cookies[person]!, ...headers } });

  it("is never another's: answers and their tags differ with what is seen", async () => {
    const [control, chief, again] = [
      await rowsFor("control"),
      await rowsFor("leadership:rotterdam"),
      await rowsFor("control"),
    ];
    expect(control.text).toBe(again.text);
    expect(chief.text.length).toBeLessThan(control.text.length);
    expect(chief.headers.etag).not.toBe(control.headers.etag);
    const borrowed = await rowsFor("leadership:rotterdam", { "if-none-match": control.headers.etag! });
    expect(borrowed.status).toBe(200);
    expect(borrowed.text).toBe(chief.text);
  });

  it("is the same for two who see the same", async () => {
    const other = await fixture.cookieOf({ name: "x", roles: ["leadership"], units: ["rotterdam"] });
    const [one, two] = [
      await rowsFor("leadership:rotterdam"),
      await ask(fixture, question, { headers: { cookie: other } }),
    ];
    expect(two.headers.etag).toBe(one.headers.etag);
  });
});

describe("every page, by every role", () => {
  it("has a right that is in the table", () => {
    for (const right of Object.values(rightOfPage)) expect(Object.keys(expected)).toContain(right);
  });
});
