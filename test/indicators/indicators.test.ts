import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Database } from "../../pipelines/database.ts";
import { compute, contracts, cover, definitions, emptyWarehouse, insertRows, table } from "../support/figures.ts";

/** A worked example: a few rows of each feed, and the figures worked by hand. */
interface Example {
  today: string;
  /** Months that the feeds cover, for the whole force. */
  covers: { from: string; to: string };
  feeds: Record<string, string>;
  expect: string;
}

const here = import.meta.dirname;
const ids = (await definitions()).map((each) => each.id);

let db: Database;
beforeEach(async () => {
  db = await emptyWarehouse();
  await db.run(
    `insert into units by name select * replace (valid_from::date as valid_from, valid_to::date as valid_to, string_split(predecessor_ids, '|') as predecessor_ids)
     from read_csv('${path.join(here, "units.csv")}', header = true, all_varchar = true)`,
  );
});
afterEach(() => db.close());

describe("each indicator", () => {
  it.each(ids)("%s yields the figures worked by hand", async (id) => {
    const file = path.join(here, `${id}.yaml`);
    expect(existsSync(file), `${id} has no worked example: write test/indicators/${id}.yaml`).toBe(true);
    const example = parse(readFileSync(file, "utf8")) as Example;
    for (const [feed, rows] of Object.entries(example.feeds)) {
      await insertRows(db, contracts.get(feed)!, table(rows));
      await cover(db, feed, "politie", example.covers.from, example.covers.to);
    }
    await compute(db, { ids: [id], today: example.today });
    for (const wanted of table(example.expect)) {
      const { unit_id, grain, period_end, breakdown, breakdown_value, ...fields } = wanted;
      const rows = await db.all<Record<string, unknown>>(
        `select * from series where unit_id = $unit_id and grain = $grain and period_end = $period_end::date
         and breakdown is not distinct from $breakdown::varchar and breakdown_value is not distinct from $breakdown_value::varchar`,
        {
          unit_id: unit_id!,
          grain: grain!,
          period_end: period_end!,
          breakdown: breakdown ?? null,
          breakdown_value: breakdown_value ?? null,
        },
      );
      const label = `${unit_id} ${grain} ${period_end} ${breakdown_value ?? ""}`;
      if (fields.value === "none") {
        expect(rows, label).toEqual([]);
        continue;
      }
      expect(rows, label).toHaveLength(1);
      for (const [name, text] of Object.entries(fields)) {
        const found = rows[0]![name];
        if (text !== null && /^-?[\d.]+$/.test(text)) expect(found, `${label} ${name}`).toBeCloseTo(Number(text), 4);
        else expect(found === null ? null : String(found), `${label} ${name}`).toBe(text);
      }
    }
  });
});
