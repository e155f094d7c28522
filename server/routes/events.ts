import { z } from "zod";
import { ids, knownIndicators, knownUnits } from "../fields.ts";
import { snapshotRows } from "../route.ts";
import { smallTable, type Field } from "../table.ts";
import { Conditions } from "../where.ts";

const fields: Field[] = [
  { name: "event_id", kind: "text" },
  { name: "date", kind: "date" },
  { name: "unit_id", kind: "text" },
  { name: "kind", kind: "text" },
  { name: "title_nl", kind: "text" },
  { name: "title_en", kind: "text" },
  { name: "note_nl", kind: "text" },
  { name: "note_en", kind: "text" },
  { name: "source", kind: "text" },
  { name: "indicators", kind: "texts" },
];

export default [
  snapshotRows({
    path: "/events",
    summary:
      "What happened and when, in order of time: of the asked units and of the whole force, about the asked indicators and about all",
    query: z.strictObject({ indicator: ids.default(null), unit: ids.default(null) }),
    row: z.object({
      event_id: z.string(),
      date: z.iso.date(),
      unit_id: z.string().nullable().meta({ description: "null: of the whole force and everyone in it" }),
      kind: z.enum(["reorganisation", "registration", "programme", "other"]),
      title_nl: z.string(),
      title_en: z.string(),
      note_nl: z.string().nullable(),
      note_en: z.string().nullable(),
      source: z.string(),
      indicators: z.array(z.string()).meta({ description: "Those that it is about; none: all" }),
    }),
    async rows(snapshot, query) {
      const conditions = new Conditions().oneOfOrNone("unit_id", knownUnits(snapshot, query.unit));
      const indicators = knownIndicators(snapshot, query.indicator);
      if (indicators)
        conditions.and("(len(indicators) = 0 or list_has_any(indicators, string_split($about, ',')))", {
          about: indicators.join(","),
        });
      const { sql, parameters } = conditions.where;
      // Snapshots of before there were events have none.
      if (!snapshot.catalogue.tables.has("events")) return smallTable(fields, []);
      return snapshot.query(
        `select ${fields.map(({ name }) => `"${name}"`).join(", ")} from events ${sql} order by "date", event_id`,
        parameters,
      );
    },
  }),
];
