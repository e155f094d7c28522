import { describe, expect, it } from "vitest";
import {
  beginCondition,
  columnOf,
  sayingOf,
  sayingsOf,
  withSaying,
} from "../../web/components/workbench/conditions.ts";
import { queryForm } from "../../web/state/query-read.ts";
import { writeQuery } from "../../web/state/query-write.ts";
import { feedNamed, vocabularyOf, type WorkFeed } from "../../web/state/vocabulary.ts";
import nl from "../../web/locales/nl.json" with { type: "json" };
import { contracts } from "../support/figures.ts";

const feeds = vocabularyOf(
  [...contracts.values()].map(
    ({ name, ...contract }) => ({ ...contract, feed: name, weight: contract.weight ?? null }) as never,
  ),
);
const complaints = feedNamed(feeds, "complaints")!;
const form = queryForm(
  "select unit_id, received_on as month, sum(count) as numerator from complaints group by unit_id, received_on",
)!;

/** Every column of every feed that a query of the form can be about. */
const columns = feeds
  .filter((feed) => feed.columns.some(({ name }) => name === "unit_id"))
  .flatMap((feed) =>
    feed.columns.map((column): [string, WorkFeed, typeof column] => [`${feed.feed}.${column.name}`, feed, column]),
  );

describe("what can be said of a column", () => {
  it.each(columns)("has words, is written and read as the same: %s", (_, feed, column) => {
    for (const saying of sayingsOf(column, feed)) {
      expect(Object.keys(nl)).toContain(`workbench.saying.${saying}`);
      const condition = withSaying(beginCondition(column, feed), saying, feed);
      expect(sayingOf(condition)).toBe(saying);
      expect(columnOf(condition)).toBe(column.name);
      // A text without codes has no value until somebody writes one.
      if ("values" in condition && condition.values.length === 0) continue;
      const written = writeQuery({ ...form, feed: feed.feed, month: feed.date, conditions: [condition] });
      expect(queryForm(written)?.conditions, written).toEqual([condition]);
    }
  });

  it("keeps values and numbers where they mean something", () => {
    const some = withSaying({ is: "in", column: "outcome", values: ["founded", "settled"] }, "not_in", complaints);
    expect(some).toEqual({ is: "not_in", column: "outcome", values: ["founded", "settled"] });
    expect(withSaying(some, "empty", complaints)).toEqual({ is: "empty", column: "outcome" });
    const days = { is: "days", from: "received_on", to: "closed_on", comparison: "<=", number: 70 } as const;
    expect(withSaying(days, "days >", complaints)).toEqual({ ...days, comparison: ">" });
  });
});
