import { describe, expect, it } from "vitest";
import type { Reconciled, Restatement } from "../../web/api.ts";
import { byCause, publishedGroups } from "../../web/state/published.ts";
import { canAccept, refusalKind } from "../../web/state/refusal.ts";

const published = (value: number, fields: Partial<Reconciled> = {}): Reconciled => ({
  indicator_id: "complaints",
  unit_id: "politie",
  period_start: "2014-01-01",
  period_end: "2014-12-31",
  published: value,
  loaded: 10517,
  difference: 10517 - value,
  complete: true,
  withheld_reason: null,
  source_title: "report",
  publisher: null,
  source_date: null,
  source_url: null,
  note: null,
  ...fields,
});

describe("publishedGroups(rows)", () => {
  it("keeps sources apart and says where they contradict each other", () => {
    const groups = publishedGroups([
      published(10517),
      published(10482),
      published(9653, { period_start: "2015-01-01", period_end: "2015-12-31", loaded: null, difference: null }),
      published(9653, { period_start: "2015-01-01", period_end: "2015-12-31", loaded: null, difference: null }),
    ]);
    expect(groups.map(({ rows, contradictory, loaded }) => [rows.length, contradictory, loaded])).toEqual([
      [2, true, 10517],
      [2, false, null],
    ]);
  });
});

describe("byCause(rows)", () => {
  it("takes what one load changed together, the newest first, and what no load did apart", () => {
    const row = (load_id: number | null, restated_at: string): Restatement => ({
      indicator_id: "complaints",
      unit_id: "politie",
      grain: "year",
      period_start: "2014-01-01",
      period_end: "2014-12-31",
      breakdown: null,
      breakdown_value: null,
      old_value: 1,
      new_value: 2,
      load_id,
      restated_at,
    });
    const groups = byCause([
      row(3, "2017-01-01T00:00:00Z"),
      row(4, "2017-02-01T00:00:00Z"),
      row(null, "2017-02-01T00:00:00Z"),
      row(4, "2017-02-01T00:00:00Z"),
    ]);
    expect(groups.map(({ load_ids, rows }) => [load_ids, rows.length])).toEqual([
      [[4], 2],
      [[], 1],
      [[3], 1],
    ]);
    const both = byCause([{ ...row(7, "2017-01-01T00:00:00Z"), load_ids: [5, 7] }]);
    expect(both[0]!.load_ids).toEqual([7, 5]);
  });
});

describe("byCause(rows), within a load", () => {
  it("puts totals and long periods first, and of those what changed most", () => {
    const row = (grain: Restatement["grain"], breakdown: string | null, change: number): Restatement => ({
      indicator_id: "complaints",
      unit_id: `${grain} ${breakdown} ${change}`,
      grain,
      period_start: "2014-01-01",
      period_end: "2014-12-31",
      breakdown,
      breakdown_value: null,
      old_value: 1,
      new_value: 1 + change,
      old_numerator: 1,
      new_numerator: 1 + change,
      load_id: 3,
      restated_at: "2017-01-01T00:00:00Z",
    });
    const rows = [row("year", "aspect", 9), row("month", null, 5), row("year", null, 1), row("year", null, -4)];
    expect(byCause(rows)[0]!.rows.map(({ unit_id }) => unit_id)).toEqual([
      "year null -4",
      "year null 1",
      "month null 5",
      "year aspect 9",
    ]);
  });
});

describe("refusalKind(reason), canAccept(reason)", () => {
  it("reads what the loader names", () => {
    expect(
      refusalKind(
        'the header lacks 2 required columns: unit_id, aspects. It has "a", "b". Rename the headers, or give a mapping',
      ),
    ).toEqual({ kind: "columns", values: { columns: "unit_id, aspects" } });
    expect(refusalKind("30 of 100 rows would be quarantined (30 not_allowed), more than 5%; mend the file")).toEqual({
      kind: "quarantine",
      values: { count: "30", read: "100" },
    });
    expect(refusalKind("the file has a header but no rows").kind).toBe("empty");
    expect(refusalKind("line 3 has a quote that is not closed").kind).toBe("other");
  });

  it("lets only a changed total be accepted", () => {
    const change =
      "its total is 12, 76% less than the 50 of the last load of the same coverage (2017-01-01 to 2017-01-01); if that is right, load it with --accept-change";
    expect(refusalKind(change)).toEqual({ kind: "change", values: { now: "12", before: "50" } });
    expect(canAccept(change)).toBe(true);
    expect(canAccept("the file is empty")).toBe(false);
    expect(canAccept(null)).toBe(false);
  });
});
