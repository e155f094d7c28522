import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import ICAL from "ical.js";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { projectFolder } from "../../../pipelines/settings.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { ask, askJson, askProblem } from "../ask.ts";
import { checkLines } from "../calendar/lines.ts";

const folder = mkdtempSync(path.join(tmpdir(), "kvv-cycle-"));
const cycle = path.join(folder, "cycle.yaml");
let fixture: Fixture;
let clock: string;
beforeAll(async () => {
  fixture = await serveFixture({ now: () => new Date(clock), cycle });
});
beforeEach(() => {
  clock = "2017-02-10T09:00:00Z";
  copyFileSync(path.join(projectFolder, "data", "cycle.yaml"), cycle);
});
afterAll(async () => {
  await fixture.stop();
  rmSync(folder, { recursive: true });
});

const ids = async (query: string) => (await askJson(fixture, `/calendar${query}`)).map((row) => row.item_id as string);
const plan = `duties:
  - { id: plan, kind: plan, every: year, since: 2016, starts: { from: start }, due: { from: end },
      title: { nl: "Plan; af, klaar", en: "Plan <done>" }, source: [KVV] }
`;

describe("GET /api/v1/calendar", () => {
  it("has what is due from two months ago to a year from now, in order of time, with where it stands", async () => {
    const rows = await askJson(fixture, "/calendar");
    expect(rows.map(({ due_on }) => due_on)).toEqual(rows.map(({ due_on }) => due_on).sort());
    expect(rows[0]!.due_on).toBe("2016-12-31");
    expect(rows.at(-1)!.due_on).toBe("2018-02-25");
    expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(["review", "meeting", "talk", "audit", "survey", "plan"])); // prettier-ignore
    const phase = (id: string) => rows.find(({ item_id }) => item_id === id)!.phase;
    expect(phase("team-plans.2016.den-haag")).toBe("past");
    expect(phase("review.2016-H2.den-haag")).toBe("open");
    expect(phase("review.2017-H1.den-haag")).toBe("ahead");
    expect(rows.find(({ item_id }) => item_id === "review.2016-H2.politie")).toEqual({
      ...{ item_id: "review.2016-H2.politie", duty_id: "review", kind: "review", unit_id: "politie" },
      ...{ period: "2016-H2", starts_on: "2017-01-01", due_on: "2017-02-25", phase: "open" },
      ...{ title_nl: "Voortgang indienen en tekenen", title_en: "Submit and sign the progress" },
      ...{ about_nl: null, about_en: null },
      ...{ note_nl: expect.any(String), note_en: expect.any(String), source: "NP-VISIE 7d (in ONL-2015); KVV" },
      address: "/review/politie/2016-H2",
    });
  });

  it("chooses by days, unit and kind; what is of everyone belongs to each unit", async () => {
    expect(await ids("?kind=review&unit=den-haag&from=2016-01-01&to=2017-12-31")).toEqual([
      "review.2016-H1.den-haag",
      "review.2016-H2.den-haag",
      "review.2017-H1.den-haag",
    ]);
    expect(await ids("?kind=review,meeting&unit=rotterdam&from=2017-01-01&to=2017-06-30")).toEqual([
      "review.2016-H2.rotterdam",
      "chiefs.2016-H2",
    ]);
    expect(await ids("?unit=all&kind=all")).toEqual(await ids(""));
    expect(await ids("?unit=korps-haaglanden&kind=review")).toEqual([]);
  });

  it("has the targets that end, with what they are about", async () => {
    const rows = await askJson(fixture, "/calendar?kind=target&from=2018-01-01&to=2019-12-31");
    expect(rows.map(({ item_id, due_on }) => [item_id, due_on])).toEqual([
      ["target.2017-12-31.intake-dual.politie", "2018-03-31"],
      ["target.2017-12-31.top61.politie", "2018-03-31"],
      ["target.2018-12-31.staffing-women.rotterdam", "2019-03-31"],
    ]);
    expect(rows[2]).toMatchObject({
      title_nl: "Eindevaluatie",
      about_nl: "Vrouwen in de bezetting",
      address: "/evaluations?unit=rotterdam",
      source: "Plan Rotterdam",
    });
  });

  it("says what makes no sense, and names what is right", async () => {
    for (const [query, status] of [
      ["unit=atlantis", 404],
      ["kind=party", 404],
      ["from=soon", 400],
      ["from=2017-02-02&to=2017-02-01", 400],
      ["from=2000-01-01&to=2017-02-01", 400],
      ["when=now", 400],
    ] as const)
      expect(await askProblem(fixture, `/api/v1/calendar?${query}`)).toMatchObject({ status });
  });

  it("is another answer on another day, where the monitor's people are", async () => {
    const first = await ask(fixture, "/api/v1/calendar");
    const again = (etag: string) => ask(fixture, "/api/v1/calendar", { headers: { "If-None-Match": etag } });
    expect((await again(first.headers.etag!)).status).toBe(304);
    const phaseOfReview = async () =>
      (await askJson(fixture, "/calendar?kind=review&unit=den-haag&from=2017-02-01"))[0]!.phase;
    // It is the 26th in Amsterdam while it is the 25th in London.
    clock = "2017-02-25T22:59:00Z";
    expect(await phaseOfReview()).toBe("open");
    expect((await again(first.headers.etag!)).status).toBe(200);
    clock = "2017-02-25T23:01:00Z";
    expect(await phaseOfReview()).toBe("past");
  });

  it("sees a duty that is added, and says where one is wrong", async () => {
    writeFileSync(cycle, plan);
    expect(await ids("")).toEqual(["plan.2016", "plan.2017"]);
    writeFileSync(cycle, plan.replace("id: plan", "id: other-plan"));
    expect(await ids("")).toEqual(["other-plan.2016", "other-plan.2017"]);
    writeFileSync(cycle, plan.replace("every: year", "every: week"));
    expect(await askProblem(fixture, "/api/v1/calendar")).toMatchObject({
      status: 503,
      type: "urn:kvv:problem:bad-cycle",
    });
    // Nothing else depends on it.
    expect((await askJson(fixture, "/units")).length).toBeGreaterThan(0);
  });

  it("has nothing where there is no such file", async () => {
    rmSync(cycle);
    expect(await ids("")).toEqual([]);
  });

  it("comes as CSV, Arrow and XLSX too", async () => {
    const csv = await ask(fixture, "/api/v1/calendar?format=csv&locale=nl");
    expect(csv.text.split("\n")[0]).toContain("item_id;duty_id;kind;unit_id");
    for (const format of ["arrow", "xlsx"])
      expect((await ask(fixture, `/api/v1/calendar?format=${format}`)).status).toBe(200);
  });
});

/** The events of a calendar as another program reads them. */
const eventsOf = (text: string) =>
  new ICAL.Component(ICAL.parse(text) as unknown[])
    .getAllSubcomponents("vevent")
    .map((each) => ({ event: new ICAL.Event(each), url: String(each.getFirstPropertyValue("url")) }));

describe("GET /api/v1/calendar.ics", () => {
  it("is a calendar that other programs read: each item on its last day, under a lasting name", async () => {
    const answered = await ask(fixture, "/api/v1/calendar.ics?locale=nl");
    expect(answered.headers["content-type"]).toBe("text/calendar; charset=utf-8");
    checkLines(answered.text);
    const rows = await askJson(fixture, "/calendar");
    const events = eventsOf(answered.text);
    expect(events.map(({ event }) => String(event.startDate))).toEqual(rows.map(({ due_on }) => due_on));
    const uids = events.map(({ event }) => event.uid);
    expect(new Set(uids).size).toBe(rows.length);
    for (const { event } of events) expect(event.startDate.isDate).toBe(true);
    const review = events[rows.findIndex(({ item_id }) => item_id === "review.2016-H2.den-haag")]!;
    expect(review.event.summary).toBe("Voortgang indienen en tekenen, Den Haag");
    expect(review.event.description).toMatch(/^Van 1 januari 2017 tot en met 25 februari 2017\. .*Bron: NP-VISIE 7d/);
    expect(review.url).toBe(`${fixture.address}/review/den-haag/2016-H2`);
    // A review that is not open yet has no page.
    const later = events[rows.findIndex(({ item_id }) => item_id === "review.2017-H1.den-haag")]!;
    expect(later.url).toBe(`${fixture.address}/calendar`);
    // A later day, fewer items and another language: the same name for each.
    clock = "2017-02-20T09:00:00Z";
    const fewer = await ask(fixture, "/api/v1/calendar.ics?locale=en&unit=den-haag&kind=review");
    for (const { event, url } of eventsOf(fewer.text)) {
      expect(uids).toContain(event.uid);
      expect(url).toMatch(/\?lang=en$/);
    }
    expect(fewer.text).toContain("X-WR-CALNAME:Calendar of Den Haag\\, progress");
  });

  it("keeps signs that the format gives a meaning, and is the same to a reader who has it", async () => {
    writeFileSync(cycle, plan);
    const first = await ask(fixture, "/api/v1/calendar.ics?locale=nl");
    checkLines(first.text);
    expect(eventsOf(first.text).map(({ event }) => event.summary)).toEqual(["Plan; af, klaar", "Plan; af, klaar"]);
    const again = await ask(fixture, "/api/v1/calendar.ics?locale=nl", {
      headers: { "If-None-Match": first.headers.etag! },
    });
    expect(again.status).toBe(304);
    expect(await askProblem(fixture, "/api/v1/calendar.ics?unit=atlantis")).toMatchObject({ status: 404 });
    expect(await askProblem(fixture, "/api/v1/calendar.ics?locale=fr")).toMatchObject({ status: 400 });
  });
});

describe("GET /api/v1/calendar.atom", () => {
  const entries = (text: string) => text.split("<entry>").slice(1);

  it("has what has begun, the newest first, each with a lasting id", async () => {
    const answered = await ask(fixture, "/api/v1/calendar.atom?locale=nl&unit=den-haag");
    expect(answered.headers["content-type"]).toBe("application/atom+xml; charset=utf-8");
    expect(answered.text).toContain("<title>Kalender van Den Haag</title>");
    expect(answered.text).toContain(`href="${fixture.address}/calendar?unit=den-haag"`);
    const updated = entries(answered.text).map((entry) => /<updated>(.*?)<\/updated>/.exec(entry)![1]!);
    expect(updated).toEqual(updated.toSorted().toReversed());
    expect(updated.every((each) => each <= "2017-02-10T00:00:00.000Z")).toBe(true);
    expect(answered.text).toContain("<title>Voortgang indienen en tekenen, Den Haag</title>");
    const idsOf = (text: string) => entries(text).map((entry) => /<id>(.*?)<\/id>/.exec(entry)![1]!);
    for (const id of idsOf(answered.text)) expect(id).toMatch(/^urn:uuid:/);
    clock = "2017-03-01T09:00:00Z";
    const later = await ask(fixture, "/api/v1/calendar.atom?locale=nl&unit=den-haag");
    expect(idsOf(later.text)).toEqual(expect.arrayContaining(idsOf(answered.text).slice(0, 2)));
    expect(entries(later.text)[0]).toContain("Overleg van alle chefs");
  });

  it("escapes what XML would read", async () => {
    writeFileSync(cycle, plan);
    const { text } = await ask(fixture, "/api/v1/calendar.atom");
    expect(text).toContain("<title>Plan &lt;done&gt;</title>");
    expect(await askProblem(fixture, "/api/v1/calendar.atom?kind=party")).toMatchObject({ status: 404 });
  });
});
