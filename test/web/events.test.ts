import { describe, expect, it } from "vitest";
import type { ProgrammeEvent } from "../../web/api.ts";
import { paperPalette } from "../../web/charts/palette.ts";
import { trend, type TrendData, type TrendOptions } from "../../web/charts/trend.ts";
import { text } from "../../web/locales/text.ts";
import { eventsWithin, letterOf } from "../../web/state/events.ts";
import { definition, seriesFrom } from "../support/rows.ts";
import { expectGolden, svgOf, warningsOf } from "../support/specs.ts";

const event = (event_id: string, date: string, fields: Partial<ProgrammeEvent> = {}): ProgrammeEvent => ({
  ...{ event_id, date, unit_id: null, kind: "programme", title_nl: `Wat ${event_id}`, title_en: `What ${event_id}` },
  ...{ note_nl: null, note_en: null, source: "KVV", indicators: [] },
  ...fields,
});
const scope = { units: ["politie", "den-haag"], indicators: ["intake-dual"], from: "2014-01-01", to: "2016-12-31" };

describe("eventsWithin(events, scope)", () => {
  it("keeps those of the units and of everyone, about the figures or all, within the days, with letters in order of time", () => {
    const found = eventsWithin(
      [
        event("late", "2017-01-01"),
        event("last", "2016-12-31"),
        event("unit", "2015-01-01", { unit_id: "den-haag", indicators: ["top61", "intake-dual"] }),
        event("other", "2015-01-01", { unit_id: "rotterdam" }),
        event("figure", "2015-01-01", { indicators: ["complaints"] }),
        event("first", "2014-01-01"),
        event("early", "2013-12-31"),
      ],
      scope,
    );
    expect(found.map(({ letter, event_id }) => `${letter} ${event_id}`)).toEqual(["A first", "B unit", "C last"]);
  });

  it("has letters for as many as there are", () => {
    expect([0, 25, 26, 51, 52].map(letterOf)).toEqual(["A", "Z", "AA", "AZ", "BA"]);
  });
});

const t = (key: string, values?: Record<string, string | number>) => text("nl", key, values);
const options: TrendOptions = { language: "nl", t, palette: paperPalette, width: 320, height: 220 };
const rows = seriesFrom(
  "half",
  "2014-01-01",
  [0.13, 0.15, 0.16, 0.155, 0.18, 0.2].map((value) => ({ value })),
);
const data = (events: ProgrammeEvent[]): TrendData => ({
  definition: definition(),
  rows,
  events: eventsWithin(events, scope),
});
const crowded = [
  event("a", "2014-05-01"),
  event("b", "2015-09-15"),
  event("c", "2015-10-01"),
  event("d", "2015-10-20"),
  event("e", "2016-11-01", { title_nl: "Een lange zin die rechts geen plaats meer heeft" }),
];

describe("trend(data, options) with events", () => {
  it("is as it is kept, with and without words, and without warnings", async () => {
    for (const [name, more] of [
      ["events-as-flags", {}],
      ["events-with-words", { width: 760, height: 360, eventWords: true }],
    ] as const) {
      const spec = trend(data(crowded), { ...options, ...more });
      expect(warningsOf(spec)).toEqual([]);
      expectGolden(name, spec);
      expect(await svgOf(spec)).toContain("A</text>");
    }
  });

  it("makes one flag of events that would lie on each other, and names them all in its tip", async () => {
    const svg = await svgOf(trend(data(crowded), options));
    const flags = [...svg.matchAll(/>([A-E–]+|[A-E]( [A-E])+)<\/text>/g)].map((match) => match[1]);
    expect(flags).toEqual(["A", "B–D", "E"]);
    const spec = JSON.stringify(trend(data(crowded), options));
    expect(spec).toContain("B · 15 sep 2015: Wat b (KVV)\\nC · 1 okt 2015: Wat c (KVV)\\nD · 20 okt 2015: Wat d (KVV)");
  });

  it("names each letter where one between them is not of this chart", async () => {
    const some = data(crowded);
    const svg = await svgOf(trend({ ...some, events: some.events!.filter(({ letter }) => letter !== "C") }, options));
    expect(svg).toContain(">B D</text>");
  });

  it("writes words only where they have room", async () => {
    const wide = await svgOf(trend(data(crowded), { ...options, width: 760, height: 360, eventWords: true }));
    expect(wide).toContain("Wat a");
    expect(wide).not.toContain("Een lange zin");
    expect(await svgOf(trend(data(crowded), options))).not.toContain("Wat a<");
  });

  it("is the same as ever where nothing happened in its days", () => {
    const { events, ...without } = data([event("late", "2019-01-01")]);
    expect(events).toEqual([]);
    expect(trend({ ...without, events: events! }, options)).toEqual(trend(without, options));
  });
});
