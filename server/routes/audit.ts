import { z } from "zod";
import { deeds, readAudit } from "../audit.ts";
import { day } from "../fields.ts";
import { auditRoute } from "../route.ts";
import { smallTable, type Field } from "../table.ts";

const row = z.object({
  at: z.iso.datetime(),
  user: z.string(),
  roles: z.string().meta({ description: "With commas between them" }),
  did: z.enum(deeds),
  what: z.string().meta({ description: "The route or the page" }),
  selection: z.string().meta({ description: "What was chosen of it, as in its address" }),
  status: z.number().int().meta({ description: "Of the answer" }),
  text: z.string().nullable().meta({ description: "Of a draft of something protected: what was asked" }),
});

const kinds: Record<string, Field["kind"]> = { at: "timestamp", status: "number" };
const fields: Field[] = Object.keys(row.shape).map((name) => ({ name, kind: kinds[name] ?? "text" }));

export default [
  auditRoute({
    path: "/audit",
    summary: "Who signed in, looked, exported, changed, signed or sent what, the newest first",
    query: z.strictObject({
      from: day.optional().meta({ description: "The first day, of UTC" }),
      to: day.optional().meta({ description: "The last day" }),
      user: z.string().max(200, "is longer than 200 characters").optional(),
      did: z.enum(deeds, `is none of ${deeds.join(", ")}`).optional(),
      limit: z.coerce.number().int().min(1, "is less than 1").max(10_000, "is more than 10000").default(1000),
    }),
    row,
    async rows(folder, query) {
      const entries = await readAudit(folder, query);
      return smallTable(
        fields,
        entries.map(({ at, roles, ...each }) => ({ ...each, at: Date.parse(at), roles: roles.join(", ") })),
      );
    },
  }),
];
