import { describe, expect, it } from "vitest";
import type { Action } from "../../web/api.ts";
import {
  countsOf,
  draftOf,
  editsOf,
  emptyAction,
  filtersOf,
  groupsOf,
  inOrder,
  readAmount,
  readDraft,
  timeLineOf,
  todayOf,
  totalsOf,
} from "../../web/state/actions.ts";

const action = (fields: Partial<Action>): Action => ({
  ...emptyAction,
  ...{ action_id: "a", title: "Actie", unit_id: "den-haag" },
  ...{ version: 0, source: "feed", late: false, days_late: null, delivered_differs: false, delivered: null },
  ...{ saved_at: null, saved_by: null },
  ...fields,
});

describe("filtersOf(query)", () => {
  it("takes the filters out of an address, and leaves out what is empty", () => {
    expect(filtersOf({ unit: "den-haag", late: "true", lang: "en", kind: "", action: "a1" })).toEqual({
      unit: "den-haag",
      late: "true",
    });
  });
});

describe("totalsOf(actions)", () => {
  it("sums what is known, and says nothing where nothing is", () => {
    expect(totalsOf([action({ budget: 100, spent: 30 }), action({ budget: 50, committed: 20 }), action({})])).toEqual({
      ...{ budget: 150, committed: 20, spent: 30, forecast: null, left: 120 },
    });
    expect(totalsOf([action({})]).left).toBe(null);
  });

  it("counts no proposals, and what is spent beyond a budget as less than nothing left", () => {
    expect(totalsOf([action({ budget: 100, status: "proposed" }), action({ budget: 10, spent: 15 })])).toMatchObject({
      budget: 10,
      left: -5,
    });
  });
});

describe("groupsOf(actions)", () => {
  it("has focus points in the order of the programme, and others after them", () => {
    const groups = groupsOf([
      action({ focus: "Zelf bedacht" }),
      action({ focus: "composition", budget: 5 }),
      action({ focus: "connection", late: true, days_late: 3, due_on: "2016-01-01" }),
      action({ focus: "connection" }),
    ]);
    expect(groups.map(({ focus, actions, late }) => [focus, actions.length, late])).toEqual([
      ["connection", 2, 1],
      ["composition", 1, 0],
      ["Zelf bedacht", 1, 0],
    ]);
    expect(groups[1]!.totals.budget).toBe(5);
  });
});

describe("inOrder(actions)", () => {
  it("has what is late first, then what is to come, then what is over", () => {
    const list = inOrder([
      action({ action_id: "done early", status: "done", due_on: "2015-01-01" }),
      action({ action_id: "done last", status: "done", due_on: "2016-01-01" }),
      action({ action_id: "no date" }),
      action({ action_id: "soon", due_on: "2017-03-01" }),
      action({ action_id: "late", late: true, due_on: "2016-12-31" }),
      action({ action_id: "later still", late: true, due_on: "2016-01-31" }),
    ]);
    expect(list.map((each) => each.action_id)).toEqual([
      ...["later still", "late", "soon", "no date", "done last", "done early"],
    ]);
    expect(countsOf(list)).toEqual({ all: 6, late: 2, running: 4, done: 2 });
  });
});

describe("todayOf(actions, otherwise)", () => {
  it("is the day from which the answer counted", () => {
    expect(todayOf([action({}), action({ due_on: "2016-12-31", days_late: 41 })], "2026-01-01")).toBe("2017-02-10");
    expect(todayOf([action({})], "2026-01-01")).toBe("2026-01-01");
  });
});

describe("timeLineOf(actions, today)", () => {
  it("places actions in whole years, with what is late up to today", () => {
    const line = timeLineOf(
      [
        action({ action_id: "whole", starts_on: "2016-01-01", due_on: "2016-12-31" }),
        action({ action_id: "late", starts_on: "2016-07-01", due_on: "2016-12-31", late: true }),
        action({ action_id: "point", due_on: "2017-12-31" }),
        action({ action_id: "open", starts_on: "2017-01-01" }),
        action({ action_id: "none" }),
      ],
      "2017-07-01",
    )!;
    expect(line.years).toEqual([
      { year: 2016, left: 0 },
      { year: 2017, left: 50.07 },
    ]);
    expect(line.bars.get("whole")).toEqual({ span: { left: 0, width: 50.07 }, over: null, open: false });
    expect(line.bars.get("late")!.over).toEqual({ left: 50.07, width: 24.9 });
    expect(line.bars.get("point")!.span).toEqual({ left: 99.86, width: 0.14 });
    expect(line.bars.get("open")).toEqual({ span: { left: 50.07, width: 49.93 }, over: null, open: true });
    expect(line.bars.has("none")).toBe(false);
    expect(line.today).toBe(74.83);
  });

  it("is nothing without dates, and has no today where that lies outside", () => {
    expect(timeLineOf([action({})], "2017-01-01")).toBe(null);
    expect(timeLineOf([action({ due_on: "2015-06-01" })], "2017-01-01")!.today).toBe(null);
  });
});

describe("readAmount(text)", () => {
  it.each([
    ["", null],
    ["35000", 35000],
    ["35.000", 35000],
    ["1.250,50", 1250.5],
    ["1,250.5", 1250.5],
    ["€ 10", 10],
    ["0", 0],
    ["-5", undefined],
    ["veel", undefined],
    ["1.2.3", undefined],
    ["12.34567", undefined],
  ])("%s is %s", (text, value) => expect(readAmount(text)).toBe(value));
});

describe("readDraft(draft)", () => {
  it("gives back the action that the form was made of", () => {
    const one = action({
      ...{ number: "2.1", owner: "Control", starts_on: "2016-01-01", due_on: "2016-12-31", year: 2016 },
      ...{ budget: 1250.5, spent: 0, funding: "local", note: "Regel een\nregel twee" },
    });
    const { fields, faults } = readDraft(draftOf(one, ","));
    expect(faults).toEqual({});
    expect(editsOf(one, fields)).toEqual({});
    expect(draftOf(one, ",").budget).toBe("1250,5");
  });

  it("says which fields stand in the way, and why", () => {
    const draft = draftOf({ ...emptyAction, unit_id: "den-haag" }, ",");
    expect(readDraft({ ...draft, title: " ", budget: "veel", year: "16", starts_on: "2017-02-01", due_on: "2017-01-01" }).faults).toEqual({
      ...{ title: "needed", budget: "amount", year: "year", due_on: "order" },
    }); // prettier-ignore
  });
});

describe("editsOf(begun, now)", () => {
  it("has only what was changed", () => {
    expect(editsOf(emptyAction, { ...emptyAction, title: "Nieuw", note: null })).toEqual({ title: "Nieuw" });
  });
});
