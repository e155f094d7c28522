import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parseExample, workExample } from "../../pipelines/indicators/example.ts";
import { contracts, definitions, emptyWarehouse } from "../support/figures.ts";

const here = import.meta.dirname;
const all = await definitions();

describe("each indicator", () => {
  it.each(all.map(({ id }) => id))("%s yields the figures worked by hand", async (id) => {
    const file = path.join(here, `${id}.yaml`);
    expect(existsSync(file), `${id} has no worked example: write test/indicators/${id}.yaml`).toBe(true);
    const { example, faults } = parseExample(readFileSync(file, "utf8"), file, contracts);
    expect(faults).toEqual([]);
    const db = await emptyWarehouse();
    try {
      const worked = await workExample(
        db,
        all.find((each) => each.id === id)!,
        example!,
        contracts,
      );
      expect(worked.filter(({ ok }) => !ok)).toEqual([]);
    } finally {
      db.close();
    }
  });
});
