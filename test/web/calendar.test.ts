import { describe, expect, it } from "vitest";
import type { CalendarItem } from "../../web/api.ts";
import { entriesOf, firstOfDuty, lateItems, monthsOf, openHalves, stateOf } from "../../web/state/calendar.ts";

const item = (more: Partial<CalendarItem> = {}): CalendarItem => ({
  ...{ item_id: "x", duty_id: "review", kind: "review", unit_id: "den-haag", period: "2016-H2" },
  ...{ title_nl: "Voortgang", title_en: "Progress", about_nl: null, about_en: null, note_nl: null, note_en: null },
  ...{ source: "KVV", starts_on: "2017-01-01", due_on: "2017-02-25", phase: "open", address: "/" },
  ...more,
});
const keys = (items: CalendarItem[]) => entriesOf(items).map(({ key, items }) => `${key} ${items.length}`);

describe("entriesOf(items), monthsOf(entries), firstOfDuty(entries)", () => {
  it("put together what differs only in whom or which figure it is of", () => {
    expect(keys([item(), item({ unit_id: "rotterdam" }), item({ period: "2017-H1", due_on: "2017-08-25" })])).toEqual([
      "review.2016-H2.2017-01-01.2017-02-25 2",
      "review.2017-H1.2017-01-01.2017-08-25 1",
    ]);
    const target = item({ kind: "target", duty_id: "target", about_nl: "Instroom", period: "2015-01-01/2016-12-31" });
    expect(keys([target, { ...target, about_nl: "Top", period: "2016-01-01/2016-12-31" }])).toEqual([
      "target.2017-01-01.2017-02-25 2",
    ]);
  });

  it("go by the month in which something is due, and name what a duty's first is", () => {
    const entries = entriesOf([
      item({ due_on: "2017-02-01" }),
      item({ due_on: "2017-02-25", duty_id: "plan" }),
      item({ due_on: "2017-03-01" }),
    ]);
    expect(monthsOf(entries).map(({ month, entries }) => [month, entries.length])).toEqual([
      ["2017-02", 2],
      ["2017-03", 1],
    ]);
    expect(firstOfDuty(entries)).toEqual(new Set(entries.slice(0, 2)));
    expect([monthsOf([]), firstOfDuty([])]).toEqual([[], new Set()]);
  });
});

describe("openHalves(items), stateOf(item, states), lateItems(items, states)", () => {
  const past = item({ phase: "past" });
  const ahead = item({ phase: "ahead", period: "2017-H1" });

  it("ask for reviews that can have been written, and know no state of anything else", () => {
    expect(openHalves([past, item(), ahead, item({ kind: "talk", period: "2016" })])).toEqual(["2016-H2"]);
    const states = new Map([["den-haag 2016-H2", "submitted"]]);
    expect(stateOf(past, states)).toBe("submitted");
    expect(stateOf(item({ kind: "talk" }), states)).toBe(null);
    expect(stateOf(past, null)).toBe(null);
  });

  it("call late what is over and known not to be signed", () => {
    const late = (state: string | null) =>
      lateItems([past, item(), ahead], state === null ? null : new Map([["den-haag 2016-H2", state]]));
    expect(late("draft")).toEqual([past]);
    expect(late("reopened")).toEqual([past]);
    expect(late("signed")).toEqual([]);
    expect(late(null)).toEqual([]);
    expect(lateItems([past], new Map())).toEqual([]);
  });
});
