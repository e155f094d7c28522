import { z } from "zod";
import { day } from "../fields.ts";
import { snapshotRows } from "../route.ts";
import { Conditions } from "../where.ts";

export default [
  snapshotRows({
    path: "/units",
    summary: "The organisation: one row for each unit and period",
    query: z.strictObject({
      on: day.optional().meta({ description: "Only the periods that hold on this day" }),
    }),
    row: z.object({
      unit_id: z.string(),
      name: z.string(),
      level: z.string(),
      parent_id: z.string().nullable(),
      valid_from: z.iso.date().nullable(),
      valid_to: z.iso.date().nullable(),
      predecessor_ids: z.array(z.string()),
    }),
    async rows(snapshot, { on }) {
      const conditions = new Conditions();
      if (on)
        conditions.and(
          "(valid_from is null or valid_from <= $on::date) and (valid_to is null or valid_to >= $on::date)",
          {
            on,
          },
        );
      const { sql, parameters } = conditions.where;
      return snapshot.query(
        `select unit_id, name, level, parent_id, valid_from, valid_to, coalesce(predecessor_ids, []) as predecessor_ids
         from units ${sql} order by unit_id, valid_from`,
        parameters,
      );
    },
  }),
];
