import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectFolder } from "../../../pipelines/settings.ts";
import { escape } from "../../../server/atom.ts";
import { rowsOf } from "../../../server/table.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { ask, askJson, askProblem } from "../ask.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await serveFixture();
});
afterAll(() => fixture.stop());

const named = (rows: Record<string, unknown>[]) => rows.map((row) => `${row.cause as string} ${row.unit_id as string}`);

describe("GET /api/v1/signals", () => {
  it("has the newest first, and within a period indicators with a target before others", async () => {
    const rows = await askJson(fixture, "/signals");
    expect(named(rows)).toEqual([
      "target politie",
      "outside den-haag",
      "trend rotterdam",
      "one_side politie",
      "two_of_three den-haag-centrum-hofstad",
    ]);
    expect(rows[0]).not.toHaveProperty("target_id");
  });

  it("says of each what is unusual, in both languages, with its base", async () => {
    const [missed, outside, trend, run] = await askJson(fixture, "/signals");
    expect(missed!.sentence_nl).toMatch(
      /^In de tweede helft van 2016 was het \d+,\d% \(\d+ van \d+\)\. .*streefcijfer is 25%.*niet gehaald/,
    );
    expect(outside).toMatchObject({ what_nl: "hoger dan gewoonlijk", what_en: "higher than usual" });
    expect(outside!.sentence_nl).toMatch(/^In december 2016 was het \d+\. Dat is hoger dan gewoonlijk: meestal ligt het tussen [\d,]+ en [\d,]+\. Daarna was het weer anders\.$/); // prettier-ignore
    expect(trend!.sentence_en).toMatch(/since may 2016 it went up 6 times in a row.*fewer than twelve/i);
    expect(run!.sentence_nl).toMatch(/Sinds mei 2016 ligt het 9 keer achter elkaar onder het gemiddelde van [\d,]+\.$/);
  });

  it("has the points of each chart up to the last that is shown, with limits or target beside them", async () => {
    const rows = await askJson<(Record<string, unknown> & Record<`chart_${string}`, (number | null)[]>)[]>(
      fixture,
      "/signals",
    );
    for (const row of rows) {
      const lists = ["values", "centres", "lowers", "uppers", "targets"].map((name) => row[`chart_${name}`]!);
      for (const list of lists) expect(list).toHaveLength(row.chart_ends!.length);
      expect(row.chart_ends!.length).toBeLessThanOrEqual(24);
      expect(row.chart_ends).toContain(row.period_end);
      expect(row.chart_values![row.chart_ends!.indexOf(row.period_end as never)]).toBe(row.value);
    }
    const [missed, outside] = rows;
    expect(missed!.chart_lowers!.every((each) => each === null)).toBe(true);
    expect(missed!.chart_targets).toContain(0.25);
    expect(outside!.chart_uppers!.every((each) => each !== null && each > (outside!.centre as number))).toBe(true);
  });

  it("chooses by unit, indicator, level and day", async () => {
    const of = async (query: string) => named(await askJson(fixture, `/signals?${query}`));
    expect(await of("unit=den-haag")).toEqual(["outside den-haag"]);
    expect(await of("indicator=complaints&level=force,team")).toEqual([
      "one_side politie",
      "two_of_three den-haag-centrum-hofstad",
    ]);
    expect(await of("since=2016-12-31")).toEqual(["target politie", "outside den-haag"]);
    expect(await of("limit=1")).toEqual(["target politie"]);
    expect(await askProblem(fixture, "/api/v1/signals?unit=atlantis")).toMatchObject({ status: 404 });
    expect(await askProblem(fixture, "/api/v1/signals?level=planet")).toMatchObject({ status: 404 });
    expect(await askProblem(fixture, "/api/v1/signals?since=soon")).toMatchObject({ status: 400 });
  });

  // With a condition beside the keys the engine compared every point with every limit: 12 s on the force.
  it("finds the limits of points by their keys", async () => {
    const sql = readFileSync(path.join(projectFolder, "server", "signals.sql"), "utf8").replace("{where}", "");
    const rows = await fixture.snapshots.use(undefined, async (snapshot) =>
      rowsOf(await snapshot.query(`explain ${sql}`, { limit: 10 })),
    );
    const plan = JSON.stringify(rows);
    expect(plan).toContain("HASH_JOIN");
    expect(plan).not.toMatch(/NL_JOIN|NESTED_LOOP/);
  });

  it("comes as CSV and Arrow too", async () => {
    const csv = await ask(fixture, "/api/v1/signals?format=csv&locale=nl");
    expect(csv.headers["content-type"]).toContain("text/csv");
    expect(csv.text.split("\n")[0]).toContain("signal_id;indicator_id;unit_id");
    expect((await ask(fixture, "/api/v1/signals?format=arrow")).status).toBe(200);
  });
});

describe("GET /api/v1/signals/chance", () => {
  it("says how many signals chance alone would give among the series that are chosen", async () => {
    type Counted = { points: number; expected: number; found: number };
    const chance = (query: string) => askJson<Counted & { year: Counted }>(fixture, `/signals/chance${query}`);
    const all = await chance("");
    // All that there are stand in the list, the missed targets too.
    for (const query of ["", "?level=force", "?unit=den-haag"])
      expect(await chance(query)).toMatchObject({ signals: (await askJson(fixture, `/signals${query}`)).length });
    const force = await chance("?level=force");
    const team = await chance("?unit=den-haag-centrum-hofstad&indicator=complaints");
    expect(team).toMatchObject({ points: 1, found: 0, year: { points: 12, found: 1 } });
    expect(team.expected).toBeCloseTo(0.0027, 12);
    expect(team.year.expected).toBeCloseTo(12 * 0.0027, 12);
    expect(force.expected).toBeCloseTo(force.points * 0.0121, 12);
    expect(all.points).toBeGreaterThan(force.points);
    // The missed target is no matter of chance.
    expect(all.year.found).toBe(4);
    expect(await chance("?unit=korps-haaglanden")).toMatchObject({ points: 0, expected: 0, found: 0 });
  });
});

describe("GET /api/v1/signals.atom", () => {
  const entries = (text: string) => text.split("<entry>").slice(1);
  const idOf = (text: string) => /<id>(.*?)<\/id>/.exec(text)![1]!;

  it("is well-formed Atom with one entry a signal, each with a lasting id", async () => {
    const answered = await ask(fixture, "/api/v1/signals.atom?locale=nl");
    expect(answered.headers["content-type"]).toBe("application/atom+xml; charset=utf-8");
    expect(wellFormed(answered.text)).toBe("feed");
    const all = entries(answered.text);
    expect(all).toHaveLength(5);
    const ids = all.map(idOf);
    expect(new Set(ids).size).toBe(5);
    for (const id of [idOf(answered.text), ...ids])
      expect(id).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    for (const each of [answered.text, ...all]) {
      expect(each).toMatch(/<updated>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z<\/updated>/);
      expect(each).toMatch(/<title>[^<]+<\/title>/);
    }
    expect(all[1]).toContain("<title>Klachten, Den Haag: hoger dan gewoonlijk</title>");
    expect(all[1]).toContain(
      `href="${fixture.address}/indicator/complaints?unit=den-haag&amp;grain=month&amp;period=2016-12"`,
    );
    // A later answer, and one of fewer, names them the same.
    const fewer = await ask(fixture, "/api/v1/signals.atom?unit=den-haag&locale=en");
    expect(entries(fewer.text).map(idOf)).toEqual([ids[1]]);
    expect(fewer.text).toContain("<title>Signals of Den Haag</title>");
    expect(idOf(fewer.text)).not.toBe(idOf(answered.text));
  });

  it("is the same to a reader who has it, and refuses what it does not know", async () => {
    const first = await ask(fixture, "/api/v1/signals.atom");
    const again = await ask(fixture, "/api/v1/signals.atom", { headers: { "If-None-Match": first.headers.etag! } });
    expect(again.status).toBe(304);
    expect(await askProblem(fixture, "/api/v1/signals.atom?locale=fr")).toMatchObject({ status: 400 });
    expect(await askProblem(fixture, "/api/v1/signals.atom?unit=atlantis")).toMatchObject({ status: 404 });
  });

  it("escapes what XML would read, and leaves out what it cannot hold", () => {
    expect(escape(`<b> & "c" 'd'\u0000\u000b\ud800 é😀`)).toBe("&lt;b&gt; &amp; &quot;c&quot; &apos;d&apos; é😀");
  });
});

describe("GET /api/v1/recent", () => {
  it("has the registered incidents of seven days for each unit, the force first", async () => {
    const rows = await askJson(fixture, "/recent");
    expect(rows[0]).toEqual({
      ...{ feed: "incidents", unit_id: "politie", level: "force", from: "2017-01-25", to: "2017-01-31" },
      ...{ registered: 9, complete: true },
    });
    expect((await askJson(fixture, "/recent?level=unit")).map((row) => row.unit_id)).toEqual([
      "amsterdam",
      "den-haag",
      "rotterdam",
    ]);
  });
});

describe("a snapshot of before there were signals", () => {
  it("answers that there are none", async () => {
    const old = await serveFixture({ without: ["signals", "looked_at", "recent"] });
    try {
      expect(await askJson(old, "/signals")).toEqual([]);
      expect(await askJson(old, "/recent")).toEqual([]);
      expect(await askJson(old, "/signals/chance")).toMatchObject({ points: 0, expected: 0, year: { found: 0 } });
      const atom = await ask(old, "/api/v1/signals.atom");
      expect([atom.status, wellFormed(atom.text), entries(atom.text)]).toEqual([200, "feed", 0]);
      expect(await askProblem(old, "/api/v1/signals?unit=atlantis")).toMatchObject({ status: 404 });
    } finally {
      await old.stop();
    }
    function entries(text: string) {
      return text.split("<entry>").length - 1;
    }
  });
});

/** The name of the outermost element; throws where tags do not close each other or a sign is not escaped. */
function wellFormed(text: string): string {
  const open: string[] = [];
  let outermost = "";
  const rest = text
    .replace(/^<\?xml version="1\.0" encoding="utf-8"\?>\n/, "")
    .replace(
      /<(\/?)([a-z]+)((?: [a-z:]+="[^"<]*")*)(\/?)>/g,
      (_, end: string, name: string, attributes: string, alone: string) => {
        if (/&(?!(amp|lt|gt|quot|apos);)/.test(attributes)) throw new Error(`an open & in ${attributes}`);
        if (end && open.pop() !== name) throw new Error(`</${name}> closes something else`);
        if (!end && open.length === 0) outermost += name;
        if (!end && !alone) open.push(name);
        return "";
      },
    );
  if (open.length > 0) throw new Error(`<${open.join("><")}> stay open`);
  if (/[<>]|&(?!(amp|lt|gt|quot|apos);)/.test(rest)) throw new Error(`not escaped: ${rest}`);
  return outermost;
}
