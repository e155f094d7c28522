import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { atomOf, atomType } from "../atom.ts";
import { snapshotDocument, snapshotObject, snapshotRows } from "../route.ts";
import { readSignals, signalQuery, signalRow, signalTable, signalWhere } from "../signals.ts";
import { rowsOf } from "../table.ts";

const chance = readFileSync(path.join(import.meta.dirname, "..", "signal-chance.sql"), "utf8");

const order = "the newest first, those of indicators with a target before others of the same period";

/** A feed reader wants what is new. */
const entriesAtMost = 200;

const counted = z.object({
  points: z.number().int().meta({ description: "Points that could give a signal" }),
  expected: z.number().meta({ description: "Signals that chance alone would begin among them" }),
  found: z.number().int().meta({ description: "Signals that were found among them" }),
});

export default [
  snapshotRows({
    path: "/signals",
    bounded: true,
    summary: `Figures that differ from what is usual for their unit, and targets that were missed; ${order}`,
    query: z.strictObject({
      ...signalQuery,
      limit: z.coerce.number().int().min(1).max(5000).default(1000),
    }),
    row: signalRow,
    async rows(snapshot, { limit, ...question }) {
      return signalTable(await readSignals(snapshot, question, limit));
    },
  }),
  snapshotObject({
    path: "/signals/chance",
    summary: "How many signals chance alone would give: in the last period of each series, and in twelve months",
    query: z.strictObject({ unit: signalQuery.unit, indicator: signalQuery.indicator, level: signalQuery.level }),
    schema: counted.extend({
      year: counted,
      signals: z.number().int().meta({ description: "All signals that there are, missed targets among them" }),
    }),
    async object(snapshot, question) {
      const { sql: where, parameters } = signalWhere(snapshot, question).where;
      const none = { points: 0, expected: 0, found: 0 };
      if (!snapshot.catalogue.tables.has("looked_at")) return { ...none, year: none, signals: 0 };
      const [row] = await rowsOf(await snapshot.query(chance.replaceAll("{where}", where), parameters));
      const { points, expected, found, year_points, year_expected, year_found, signals } = row!;
      const year = { points: year_points, expected: year_expected, found: year_found };
      return { points, expected, found, year, signals };
    },
  }),
  snapshotDocument({
    path: "/signals.atom",
    summary: `The same as an Atom feed, to follow a unit or an indicator; at most ${entriesAtMost}`,
    query: z.strictObject({
      ...signalQuery,
      locale: z.enum(["nl", "en"], "is no language here; choose of nl, en").default("en"),
    }),
    mediaType: atomType,
    async make(snapshot, { locale, ...question }, address) {
      return atomOf(snapshot, question, await readSignals(snapshot, question, entriesAtMost), { locale, address });
    },
  }),
];
