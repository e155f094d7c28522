import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import canonicalize from "canonicalize";
import type { Review } from "../../../server/review/review.ts";
import { long } from "../../support/long.ts";
import { makeSnapshot } from "../../support/snapshot.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
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

async function json<T = Review>(path: string, options?: Parameters<typeof ask>[2]): Promise<T> {
  const { status, text } = await ask(fixture, `/api/v1${path}`, options);
  expect(status, text).toBe(200);
  return JSON.parse(text) as T;
}

/** The object without some of its fields. */
const without = <T extends object, K extends keyof T>(object: T, ...names: K[]): Omit<T, K> =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name as K))) as Omit<T, K>;

const review = "/reviews/den-haag/2016-H2";
const overall = (text: string, version = 0) => ({ texts: [{ indicator_id: null, text, version }] });
const release = () => json("/releases/2016-H2", sent("POST", { note: "Volledig." }));

const plan = {
  ...{ plan_id: null, indicator_id: "intake-dual", measures: "Werven op andere scholen.", owner: "Hoofd HRM" },
  ...{ reach_year: 2018, state: "open", result: "", version: 0 },
};

/** Writes all that the review asks for. */
async function complete(path = review): Promise<Review> {
  const { missing } = await json(path);
  const texts = missing
    .filter(({ need }) => need === "overall" || need === "comment")
    .map(({ indicator_id }) => ({ indicator_id, text: `Over ${indicator_id ?? "alles"}.`, version: 0 }));
  const plans = missing.filter(({ need }) => need === "plan").map(({ indicator_id }) => ({ ...plan, indicator_id }));
  return json(path, sent("PUT", { texts, plans }));
}

describe("GET /api/v1/reviews/:unit/:half", () => {
  it("is there for every unit and ended half-year without being opened, and makes no record", async () => {
    const found = await json(review);
    expect(found).toMatchObject({
      ...{ unit_id: "den-haag", unit_name: "Den Haag", half: "2016-H2", state: "draft" },
      ...{ period_start: "2016-07-01", period_end: "2016-12-31", steps: [], texts: [], release: null },
    });
    expect(found.figures.length).toBeGreaterThan(0);
    expect((await json<{ reviews: { changed_at: string | null }[] }>("/reviews")).reviews).toSatisfy(
      (all: { changed_at: string | null }[]) => all.every((each) => each.changed_at === null),
    );
  });

  it("has each figure as the overview has it, with the one before and that of a year earlier", async () => {
    const { figures } = await json(review);
    const shown = await json<{ indicator_id: string; unit_id: string; value: number | null }[]>(
      "/overview?grain=half&period=2016-H2&level=unit&unit=den-haag",
    );
    expect(figures.map(({ indicator_id, value }) => [indicator_id, value])).toEqual(
      shown.map(({ indicator_id, value }) => [indicator_id, value]),
    );
    const complaints = figures.find(({ indicator_id }) => indicator_id === "complaints")!;
    const rows = await json<{ period_end: string; value: number }[]>(
      "/series?indicator=complaints&unit=den-haag&grain=half",
    );
    const of = (end: string) => rows.find(({ period_end }) => period_end === end)!.value;
    expect(complaints.previous).toMatchObject({ period_end: "2016-06-30", value: of("2016-06-30") });
    expect(complaints.year_before).toMatchObject({ period_end: "2015-12-31", value: of("2015-12-31") });
    expect(complaints.sentence_nl).toMatch(/\S/);
  });

  it("has the actions of the unit and those below it in its year, late as of its end", async () => {
    const { actions } = await json(review);
    expect(actions.map(({ number, unit_id, late, budget }) => [number, unit_id, late, budget])).toEqual([
      ["2.9", "den-haag", true, 35000],
      ["2.10", "den-haag-centrum", false, 20000.5],
    ]);
    expect((await json("/reviews/den-haag/2015-H2")).actions).toEqual([]);
  });

  it("is 404 for a unit, a half-year or a time that it cannot be of", async () => {
    for (const path of [
      "/reviews/nergens/2016-H2",
      "/reviews/den-haag/2016-H3",
      "/reviews/den-haag/2017-H1",
      "/reviews/korps-haaglanden/2016-H2",
    ])
      expect(await askProblem(fixture, `/api/v1${path}`)).toMatchObject({ status: 404 });
    clock = "2017-07-01T00:00:00Z";
    expect((await json("/reviews/den-haag/2017-H1")).half).toBe("2017-H1");
  });
});

describe("PUT /api/v1/reviews/:unit/:half", () => {
  it("saves a text, and keeps every version with who and when", async () => {
    await json(review, sent("PUT", overall("Eerst.")));
    clock = "2017-02-11T09:00:00Z";
    const { texts } = await json(review, sent("PUT", overall("Daarna.", 1)));
    expect(texts).toEqual([
      { indicator_id: null, text: "Daarna.", version: 2, saved_at: "2017-02-11T09:00:00.000Z", saved_by: "lokaal" },
    ]);
    const history = await json<{ text: string; version: number }[]>(`${review}/history`);
    expect(history.map(({ text, version }) => [version, text])).toEqual([
      [2, "Daarna."],
      [1, "Eerst."],
    ]);
  });

  it("is 409 where someone else saved meanwhile, and saves nothing of the rest", async () => {
    await json(review, sent("PUT", overall("Van de een.")));
    const both = {
      texts: [
        { indicator_id: "complaints", text: "Ook dit niet.", version: 0 },
        { indicator_id: null, text: "Van de ander.", version: 0 },
      ],
    };
    expect(await askProblem(fixture, `/api/v1${review}`, sent("PUT", both))).toMatchObject({
      status: 409,
      type: "urn:kvv:problem:text-changed",
    });
    expect((await json(review)).texts.map((each) => each.text)).toEqual(["Van de een."]);
  });

  it("keeps long, foreign and dangerous texts as they are", async () => {
    for (const [version, text] of [
      "a".repeat(100_000),
      "<script>alert(1)</script> & '--; drop table review_texts",
      '=HYPERLINK("http://example.org")',
      "שלום עולם 👮🏽‍♀️\nمرحبا\tregel",
    ].entries()) {
      const { texts } = await json(review, sent("PUT", overall(text, version)));
      expect(texts[0]!.text).toBe(text);
    }
  });

  it("refuses what it cannot keep, with the reason", async () => {
    const cases: [unknown, number][] = [
      [overall("a\u0000b"), 400],
      [overall("a\ud800"), 400],
      [overall("a".repeat(200_001)), 400],
      [{ texts: [{ indicator_id: "nergens", text: "x", version: 0 }] }, 404],
      [{ tekst: [] }, 400],
      [overall("x", -1), 400],
    ];
    for (const [body, status] of cases)
      expect(await askProblem(fixture, `/api/v1${review}`, sent("PUT", body))).toMatchObject({ status });
    const elsewhere = sent("PUT", overall("x"), { origin: "https://example.org" });
    expect(await askProblem(fixture, `/api/v1${review}`, elsewhere)).toMatchObject({ status: 403 });
  });

  const [people, times] = long ? [50, 1] : [5, 2];
  it(`loses no update of ${people} people who save at once`, async () => {
    const names = Array.from({ length: people }, (_, n) => String(n));
    const person = async (name: string) => {
      for (let kept = 0; kept < times;) {
        const { texts } = await json(review);
        const current = texts.find(({ indicator_id }) => indicator_id === null);
        const body = overall(`${current?.text ?? ""}[${name}]`, current?.version ?? 0);
        const { status, text } = await ask(fixture, `/api/v1${review}`, sent("PUT", body));
        if (status === 409) continue;
        expect(status, text).toBe(200);
        kept += 1;
      }
    };
    await Promise.all(names.map(person));
    const [last] = (await json(review)).texts;
    for (const name of names) expect(last!.text.split(`[${name}]`)).toHaveLength(times + 1);
    expect(last!.version).toBe(times * people);
  });

  const seconds = long ? 60 : 2;
  it(`loses nothing of ${people} people who save texts of their own for ${seconds} seconds, each beside one that all share`, async () => {
    const reviews = ["den-haag", "rotterdam", "politie"].flatMap((unit) =>
      ["2014-H2", "2015-H1", "2015-H2", "2016-H1", "2016-H2"].map((half) => `/reviews/${unit}/${half}`),
    );
    const places: { path: string; indicator_id: string }[] = [];
    for (const path of reviews) {
      const ids = new Set((await json(path)).figures.map(({ indicator_id }) => indicator_id));
      for (const indicator_id of ids) places.push({ path, indicator_id });
    }
    expect(places.length).toBeGreaterThanOrEqual(people);
    const end = Date.now() + seconds * 1000;
    const person = async ({ path, indicator_id }: (typeof places)[number], index: number) => {
      const said = { own: 0, shared: 0, refused: 0 };
      while (Date.now() < end) {
        const own = { indicator_id, text: `${index}: ${said.own + 1}`, version: said.own };
        const { status, text } = await ask(fixture, `/api/v1${path}`, sent("PUT", { texts: [own] }));
        expect(status, text).toBe(200);
        said.own += 1;
        const current = (await json(review)).texts.find((each) => each.indicator_id === null);
        const body = overall(`${current?.text ?? ""}[${index}]`, current?.version ?? 0);
        const shared = await ask(fixture, `/api/v1${review}`, sent("PUT", body));
        expect([200, 409], shared.text).toContain(shared.status);
        said[shared.status === 200 ? "shared" : "refused"] += 1;
      }
      return said;
    };
    const written = await Promise.all(places.slice(0, people).map(person));
    const all = (await json(review)).texts.find((each) => each.indicator_id === null)!;
    expect(all.version).toBe(written.reduce((sum, { shared }) => sum + shared, 0));
    for (const [index, { own, shared }] of written.entries()) {
      expect(own).toBeGreaterThan(0);
      expect(all.text.split(`[${index}]`)).toHaveLength(shared + 1);
      const { path, indicator_id } = places[index]!;
      const its = (await json(path)).texts.find((each) => each.indicator_id === indicator_id)!;
      expect([its.text, its.version]).toEqual([`${index}: ${own}`, own]);
      const history = await json<{ text: string }[]>(`${path}/history?indicator=${indicator_id}`);
      expect(history.map(({ text }) => text)).toEqual(
        Array.from({ length: own }, (_, nth) => `${index}: ${own - nth}`),
      );
    }
  });
});

describe("agreements of a review", () => {
  const agreed = {
    ...{ agreement_id: null, indicator_id: "complaints", text: "Gesprek met teamchefs.", owner: "sectorhoofd" },
    ...{ due_on: "2017-05-01", state: "open", result: "", version: 0 },
  };

  it("come back in the next review until they are done, and stay as they were in the one before", async () => {
    const first = await json(review, sent("PUT", { agreements: [agreed] }));
    expect(first.agreements).toMatchObject([{ agreement_id: 1, made_in: "2016-H2", state: "open", version: 1 }]);
    clock = "2018-02-01T09:00:00Z";
    const next = "/reviews/den-haag/2017-H1";
    const [back] = (await json(next)).agreements;
    expect(back).toMatchObject({ made_in: "2016-H2", state: "open" });
    const kept = without(back!, "made_in", "saved_at", "saved_by");
    const done = await json(next, sent("PUT", { agreements: [{ ...kept, state: "done", result: "Gevoerd." }] }));
    expect(done.agreements).toMatchObject([{ state: "done", result: "Gevoerd.", version: 2 }]);
    expect((await json("/reviews/den-haag/2017-H2")).agreements).toEqual([]);
    expect((await json(review)).agreements).toMatchObject([{ state: "open", result: "" }]);
    const late = sent("PUT", { agreements: [{ ...kept, text: "Anders.", version: 1 }] });
    expect(await askProblem(fixture, `/api/v1${review}`, late)).toMatchObject({ status: 409 });
    expect((await json("/reviews/rotterdam/2017-H1")).agreements).toEqual([]);
  });

  it("are there once where one comes twice, and twice where they are two", async () => {
    const put = async (...agreements: object[]) => (await json(review, sent("PUT", { agreements }))).agreements;
    expect(await put(agreed)).toHaveLength(1);
    expect(await put(agreed)).toMatchObject([{ agreement_id: 1, version: 1 }]);
    expect(await put({ ...agreed, due_on: null }, { ...agreed, due_on: null })).toHaveLength(2);
    expect(await put({ ...agreed, indicator_id: null })).toHaveLength(3);
  });
});

describe("plans", () => {
  const missed = `update series set judgement = 'missed' where indicator_id = 'intake-dual' and unit_id = 'den-haag'
    and grain = 'half' and period_end = '2016-12-31' and breakdown is null`;
  it("are asked for where a target figure was missed, come back until they are closed, and are asked for anew when stopped", async () => {
    await makeSnapshot(fixture.home, { name: "20170205T060000Z-0000ab", besides: [missed] });
    await fixture.snapshots.refresh();
    const asks = (found: Review) => found.missing.filter(({ need }) => need === "plan");
    expect(asks(await json(review))).toEqual([{ need: "plan", indicator_id: "intake-dual" }]);
    const { reviews } = await json<{ reviews: Review[] }>("/reviews?half=2016-H2");
    expect(asks(reviews.find(({ unit_id }) => unit_id === "den-haag")!)).toHaveLength(1);
    expect((await askProblem(fixture, `/api/v1${review}/submit`, sent("POST", {}))).detail).toContain(
      "a missed target figure has no plan (intake-dual)",
    );

    await release();
    const planned = await complete();
    expect(asks(planned)).toEqual([]);
    expect(planned.plans).toMatchObject([{ plan_id: 1, made_in: "2016-H2", state: "open", version: 1 }]);
    await json(`${review}/submit`, sent("POST", {}));
    clock = "2018-02-01T09:00:00Z";
    const next = "/reviews/den-haag/2017-H1";
    const kept = without((await json(next)).plans[0]!, "made_in", "saved_at", "saved_by");
    const stopped = await json(next, sent("PUT", { plans: [{ ...kept, state: "stopped", result: "Werkt niet." }] }));
    expect(stopped.plans).toMatchObject([{ state: "stopped", made_in: "2016-H2" }]);
    expect((await json("/reviews/den-haag/2017-H2")).plans).toEqual([]);
    expect((await json(review)).plans).toMatchObject([{ state: "open", result: "" }]);
  });

  it("a stopped one is none; refuses what cannot be of a plan", async () => {
    await makeSnapshot(fixture.home, { name: "20170205T060000Z-0000ab", besides: [missed] });
    await fixture.snapshots.refresh();
    const stopped = await json(review, sent("PUT", { plans: [{ ...plan, state: "stopped" }] }));
    expect(stopped.missing).toContainEqual({ need: "plan", indicator_id: "intake-dual" });
    for (const wrong of [
      { reach_year: 20180 },
      { owner: "" },
      { measures: "" },
      { plan_id: 7 },
      { indicator_id: "niets" },
    ])
      await askProblem(fixture, `/api/v1${review}`, sent("PUT", { plans: [{ ...plan, ...wrong }] }));
  });
});

describe("POST /api/v1/releases/:half", () => {
  it("pins the snapshot that reviews of the half-year are made of", async () => {
    const { snapshot } = await json<{ snapshot: string }>("/releases/2016-H2", sent("POST", {}));
    await makeSnapshot(fixture.home, { name: "20170303T060000Z-0000bb", scale: 2 });
    await fixture.snapshots.refresh();
    const found = await json(review);
    expect(found.snapshot).toBe(snapshot);
    expect((await json("/reviews/den-haag/2016-H1")).snapshot).toBe("20170303T060000Z-0000bb");
    expect(await json("/releases")).toMatchObject([{ half: "2016-H2", snapshot, by: "lokaal" }]);
  });

  it("asks for a note where figures were restated since the half-year before was released", async () => {
    clock = "2016-08-01T09:00:00Z";
    await json("/releases/2016-H1", sent("POST", {}));
    clock = "2017-02-10T09:00:00Z";
    const refused = await askProblem(fixture, "/api/v1/releases/2016-H2", sent("POST", {}));
    expect(refused).toMatchObject({ status: 422, type: "urn:kvv:problem:restatements-unexplained" });
    expect(refused.detail).toContain("complaints");
    await release();
  });

  it("refuses where a feed does not reach the half-year's end, unless that is accepted with a note", async () => {
    clock = "2017-08-01T09:00:00Z";
    const path = "/api/v1/releases/2017-H1";
    const refused = await askProblem(fixture, path, sent("POST", { note: "Toch." }));
    expect(refused).toMatchObject({ status: 422, type: "urn:kvv:problem:feeds-incomplete" });
    expect(refused.detail).toContain("complaints");
    await json("/releases/2017-H1", sent("POST", { note: "Zonder juni.", accept_incomplete: true }));
  });
});

describe("POST /api/v1/reviews/:unit/:half/submit and /sign", () => {
  it("asks for the release, an overall comment, and a comment where a target is missed, and a plan where it is a target figure", async () => {
    const path = "/reviews/rotterdam/2016-H2";
    const before = await json(path);
    const missed = before.figures.filter(({ judgement }) => judgement?.startsWith("missed"));
    expect(before.missing).toEqual([
      { need: "release", indicator_id: null },
      { need: "overall", indicator_id: null },
      ...missed.map(({ indicator_id }) => ({ need: "comment", indicator_id })),
      ...missed
        .filter(({ judgement, goal }) => judgement === "missed" && goal === "streefcijfer")
        .map(({ indicator_id }) => ({ need: "plan", indicator_id })),
    ]);
    expect(before.missing.filter(({ need }) => need === "plan")).toHaveLength(1);
    expect(await askProblem(fixture, `/api/v1${path}/submit`, sent("POST", {}))).toMatchObject({
      status: 422,
      type: "urn:kvv:problem:review-incomplete",
    });
    await release();
    await complete(path);
    expect((await json(`${path}/submit`, sent("POST", {}))).state).toBe("submitted");
  });

  it("signs what was submitted: it stays as it was, under the SHA-256 of its canonical JSON", async () => {
    await release();
    const draft = await complete();
    await json(`${review}/submit`, sent("POST", {}));
    const signed = await json(`${review}/sign`, sent("POST", {}));
    expect(signed).toMatchObject({ state: "signed", missing: [] });
    expect(signed.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(signed.hash).toBe(draft.hash);
    const { hash } = signed;
    const document = without(signed, "state", "steps", "release", "missing", "hash", "restated_since");
    expect(createHash("sha256").update(canonicalize(document)!).digest("hex")).toBe(hash);

    await makeSnapshot(fixture.home, { name: "20170303T060000Z-0000bb", scale: 2 });
    await fixture.snapshots.refresh();
    const later = await json(review);
    expect(later.figures).toEqual(signed.figures);
    expect(later.hash).toBe(hash);
    expect(await askProblem(fixture, `/api/v1${review}`, sent("PUT", overall("Nog iets.", 1)))).toMatchObject({
      status: 409,
      type: "urn:kvv:problem:wrong-state",
    });
  });

  it("is reopened with a reason only, and then signed anew", async () => {
    await release();
    await complete();
    await json(`${review}/submit`, sent("POST", {}));
    await json(`${review}/sign`, sent("POST", {}));
    expect(await askProblem(fixture, `/api/v1${review}/reopen`, sent("POST", { reason: "" }))).toMatchObject({
      status: 400,
    });
    const open = await json(`${review}/reopen`, sent("POST", { reason: "Een cijfer was verkeerd uitgelegd." }));
    expect(open).toMatchObject({ state: "reopened" });
    expect(open.steps.map(({ state }) => state)).toEqual(["submitted", "signed", "reopened"]);
    await json(review, sent("PUT", overall("Beter uitgelegd.", 1)));
    await json(`${review}/submit`, sent("POST", {}));
    expect((await json(`${review}/sign`, sent("POST", {}))).texts[0]!.text).toBe("Beter uitgelegd.");
  });

  it("cannot be signed before it is submitted, nor twice", async () => {
    await release();
    await complete();
    expect(await askProblem(fixture, `/api/v1${review}/sign`, sent("POST", {}))).toMatchObject({ status: 409 });
    await json(`${review}/submit`, sent("POST", {}));
    await json(`${review}/sign`, sent("POST", {}));
    expect(await askProblem(fixture, `/api/v1${review}/sign`, sent("POST", {}))).toMatchObject({ status: 409 });
  });

  it("shows beside a signed review what was restated since, and nothing of it inside", async () => {
    await release();
    await complete();
    await json(`${review}/submit`, sent("POST", {}));
    const signed = await json(`${review}/sign`, sent("POST", {}));
    expect(signed.restated_since).toEqual([]);
    const restatement = `insert into restatements values ('complaints', 'den-haag', 'half', '2016-07-01', '2016-12-31', null, null,
      100, 104, 100, 104, null, null, 14, '2017-03-03 06:00:00', [14])`;
    await makeSnapshot(fixture.home, { name: "20170303T060000Z-0000bb", besides: [restatement] });
    await fixture.snapshots.refresh();
    const later = await json(review);
    expect(later.restated_since).toMatchObject([{ indicator_id: "complaints", old_value: 100, new_value: 104 }]);
    expect(later).toEqual({ ...signed, restated_since: later.restated_since });
  });
});

describe("GET /api/v1/reviews", () => {
  it("says of the force and each unit how far its review is, and what is missing", async () => {
    await release();
    await complete();
    await json(`${review}/submit`, sent("POST", {}));
    const { half, reviews } = await json<{ half: string; reviews: Record<string, unknown>[] }>("/reviews");
    expect(half).toBe("2016-H2");
    expect(reviews.map(({ unit_id, state }) => [unit_id, state])).toEqual([
      ["politie", "draft"],
      ["amsterdam", "draft"],
      ["den-haag", "submitted"],
      ["rotterdam", "draft"],
    ]);
    expect(reviews[2]).toMatchObject({ missing: [], changed_at: "2017-02-10T09:00:00.000Z" });
    expect(reviews[3]!.missing).toContainEqual({ need: "overall", indicator_id: null });
  });
});
