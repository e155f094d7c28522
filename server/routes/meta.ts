import { z } from "zod";
import { snapshotObject } from "../route.ts";

const meta = z.object({
  snapshot: z.string(),
  published_at: z.string(),
  data_through: z.iso.date().nullable(),
  demo: z.boolean(),
  user: z.object({ name: z.string(), roles: z.array(z.string()), units: z.array(z.string()) }),
});

/** Who asks: until there is sign-in, the person at the machine, who sees all. */
const local = { name: "lokaal", roles: ["control"], units: [] };

export default [
  snapshotObject({
    path: "/meta",
    summary: "What is served, and who asks",
    query: z.strictObject({}),
    schema: meta,
    async object({ manifest }) {
      const { snapshot, published_at, data_through, demo } = manifest;
      return { snapshot, published_at, data_through, demo, user: local };
    },
  }),
];
