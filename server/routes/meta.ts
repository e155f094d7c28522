import { z } from "zod";
import { snapshotObject } from "../route.ts";
import { localUser } from "../user.ts";

const meta = z.object({
  snapshot: z.string(),
  published_at: z.string(),
  data_through: z.iso.date().nullable(),
  demo: z.boolean(),
  user: z.object({ name: z.string(), roles: z.array(z.string()), units: z.array(z.string()) }),
});

export default [
  snapshotObject({
    path: "/meta",
    summary: "What is served, and who asks",
    query: z.strictObject({}),
    schema: meta,
    async object({ manifest }) {
      const { snapshot, published_at, data_through, demo } = manifest;
      return { snapshot, published_at, data_through, demo, user: localUser };
    },
  }),
];
