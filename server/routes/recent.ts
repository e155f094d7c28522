import { z } from "zod";
import { known, ids, knownUnits } from "../fields.ts";
import { snapshotRows } from "../route.ts";
import { smallTable } from "../table.ts";
import { Conditions } from "../where.ts";

const row = z.object({
  feed: z.string(),
  unit_id: z.string(),
  level: z.string(),
  from: z.iso.date(),
  to: z.iso.date().meta({ description: "The last day that the feed reaches" }),
  registered: z.number().nullable().meta({ description: "null: the source withheld a number" }),
  complete: z.boolean().meta({ description: "Whether the feed tells of all that lies below the unit" }),
});

export default [
  snapshotRows({
    path: "/recent",
    bounded: true,
    summary: "Incidents of discrimination registered in the last seven days that the feed reaches, for each unit",
    query: z.strictObject({ unit: ids.default(null), level: ids.default(null) }),
    row,
    async rows(snapshot, { unit, level }) {
      const levels = new Map([...snapshot.catalogue.units.values()].flat().map((each) => [each.level, each]));
      const { sql, parameters } = new Conditions()
        .oneOf("unit_id", knownUnits(snapshot, unit))
        .oneOf("level", known(level, levels, "level")).where;
      // Snapshots of before this was kept have none; nor have homes without the feed.
      if (!snapshot.catalogue.tables.has("recent"))
        return smallTable(
          Object.keys(row.shape).map((name) => ({ name, kind: "text" })),
          [],
        );
      return snapshot.query(
        `select feed, unit_id, level, "from", "to", registered, complete from recent ${sql}
         order by list_position(['force', 'unit', 'district', 'service', 'team', 'bureau'], level), unit_id`,
        parameters,
      );
    },
  }),
];
