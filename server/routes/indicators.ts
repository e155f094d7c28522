import { z } from "zod";
import { id, known } from "../fields.ts";
import { snapshotObject, snapshotRows } from "../route.ts";
import type { Snapshot } from "../snapshot.ts";
import { smallTable, type Field } from "../table.ts";

const indicator = z.looseObject({
  indicator_id: z.string(),
  position: z.number().int(),
  title: z.object({ nl: z.string(), en: z.string() }),
  kind: z.string(),
  polarity: z.string().nullish(),
  targets: z.array(z.looseObject({ target_id: z.number().int() })),
  version: z.number().int(),
  versions: z.array(z.looseObject({ version: z.number().int(), valid_from: z.string() })),
});

/** A definition with its targets and versions; what is said of the version stands beside it, plainly. */
function describe(snapshot: Snapshot, indicatorId: string, position: number): Record<string, unknown> {
  const { id, version, earlier = [], ...front } = snapshot.catalogue.definitions.get(indicatorId)!;
  const versions = [...earlier.map((each) => each.version), version].map(({ number, valid_from, change }) => ({
    version: number,
    valid_from,
    change,
  }));
  return {
    indicator_id: id,
    position,
    ...front,
    ...versions.at(-1)!,
    targets: [...snapshot.catalogue.targets.values()].filter((target) => target.indicator_id === indicatorId),
    versions,
  };
}

/** Fields of all rows together, in the order of the first that has each; what is not plain goes as JSON. */
function fieldsOf(rows: Record<string, unknown>[]): Field[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return names.map((name) => {
    const types = new Set(
      rows.map((row) => row[name] ?? null).map((value) => (value === null ? "none" : typeof value)),
    );
    types.delete("none");
    const [only] = types.size === 1 ? types : ["object"];
    return { name, kind: only === "string" ? "text" : only === "number" || only === "boolean" ? only : "json" };
  });
}

/** All of them, alike: what a definition leaves out is null. */
function describeAll(snapshot: Snapshot): { fields: Field[]; rows: Record<string, unknown>[] } {
  const rows = [...snapshot.catalogue.definitions.keys()].map((each, position) => describe(snapshot, each, position));
  const fields = rows.length ? fieldsOf(rows) : [{ name: "indicator_id", kind: "text" as const }];
  const empty = Object.fromEntries(fields.map(({ name }) => [name, null]));
  return { fields, rows: rows.map((row) => ({ ...empty, ...row })) };
}

export default [
  snapshotRows({
    path: "/indicators",
    summary: "Every indicator: its definition, targets and versions",
    query: z.strictObject({}),
    row: indicator,
    async rows(snapshot) {
      const { fields, rows } = describeAll(snapshot);
      return smallTable(fields, rows);
    },
  }),
  snapshotObject({
    path: "/indicators/:id",
    summary: "One indicator: its definition, targets and versions",
    query: z.strictObject({ id }),
    schema: indicator,
    async object(snapshot, query) {
      known([query.id], snapshot.catalogue.definitions, "indicator");
      return describeAll(snapshot).rows.find((row) => row.indicator_id === query.id)!;
    },
  }),
];
