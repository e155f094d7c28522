import { describe, expect, it } from "vitest";
import type { Definition, OverviewRow, Unit } from "../../web/api.ts";
import { cellsOf, overviewLines, targetsOf, type OverviewFrame } from "../../web/state/overview-lines.ts";

const say = (key: string, values: object = {}) => [key, ...Object.values(values)].join(" ");
const definition = (id: string): Definition =>
  ({ indicator_id: id, title: { nl: id.toUpperCase(), en: id }, kind: "share", decimals: 1 }) as Definition;
const unit = (unit_id: string, name: string): Unit => ({ unit_id, name }) as Unit;
const row = (indicator_id: string, unit_id: string, more: Partial<OverviewRow>): OverviewRow =>
  ({
    ...{ indicator_id, unit_id, value: 0.25, target: null, judgement: "no_target", withheld: false, complete: true },
    ...more,
  }) as OverviewRow;
const frame: OverviewFrame = {
  units: [unit("politie", "Politie"), unit("den-haag", "Den Haag"), unit("rotterdam", "Rotterdam")],
  choices: ["?unit=politie", "?unit=den-haag", "?unit=rotterdam"],
  ...{ narrow: "den-haag", asked: "half", lang: "nl" },
};

describe("overviewLines(definitions, rows, frame)", () => {
  it("has a line for each indicator with a figure in a column, with the figures in the order of the columns", () => {
    const figures = [row("b", "rotterdam", {}), row("c", "elsewhere", {})];
    const lines = overviewLines(["a", "b", "c"].map(definition), figures, frame);
    expect(lines.map(({ key, figures }) => [key, figures.map((each) => each?.unit_id ?? null)])).toEqual([
      ["b", [null, null, "rotterdam"]],
    ]);
  });

  it("has another layout where there are other columns or another language", () => {
    const layoutOf = (more: Partial<OverviewFrame>) =>
      overviewLines([definition("a")], [row("a", "politie", {})], { ...frame, ...more })[0]!.layout;
    expect(layoutOf({ narrow: "rotterdam", asked: "year" })).toBe(layoutOf({}));
    expect(layoutOf({ units: frame.units.slice(0, 2) })).not.toBe(layoutOf({}));
    expect(layoutOf({ lang: "en" })).not.toBe(layoutOf({}));
  });
});

describe("cellsOf(line, say)", () => {
  const cells = (...figures: OverviewRow[]) => cellsOf(overviewLines([definition("a")], figures, frame)[0]!, say);

  it("names indicator, unit, value and judgement, leads to the chart, and is empty where there is no figure", () => {
    const [lead, narrow, none] = cells(
      row("a", "politie", { judgement: "reached", target: 0.2 }),
      row("a", "den-haag", { complete: false }),
    );
    expect(lead).toEqual({
      ...{ unit_id: "politie", style: "cell reached lead", href: "/indicator/a?unit=politie" },
      ...{ label: "A, Politie: 25,0% judgement.reached", text: "25,0%", mark: "reached" },
    });
    expect(narrow).toMatchObject({ style: "cell no_target narrow", mark: "provisional" });
    expect(none).toMatchObject({ style: "cell no_data", href: null });
  });

  it("marks a target that lies ahead, what is withheld and what is overdue", () => {
    const marks = cells(
      row("a", "politie", { target: 0.3 }),
      row("a", "den-haag", { value: null, judgement: "withheld", withheld: true }),
      row("a", "rotterdam", { freshness: "overdue" }),
    ).map(({ mark }) => mark);
    expect(marks).toEqual(["not_due", "withheld", "overdue"]);
  });
});

describe("targetsOf(line, say)", () => {
  const targets = (...figures: OverviewRow[]) => targetsOf(overviewLines([definition("a")], figures, frame)[0]!, say);

  it("names the units for which a target holds where that is not the first column's", () => {
    expect(targets(row("a", "politie", { target: 0.25 }), row("a", "den-haag", { target: 0.25 }))).toEqual([
      { text: "25%", names: "" },
    ]);
    expect(targets(row("a", "politie", {}), row("a", "den-haag", { target: 0.5 }))).toEqual([
      { text: "50%", names: "Den Haag" },
    ]);
  });
});
