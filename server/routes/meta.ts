import { z } from "zod";
import { labelMark, labelOf } from "../label.ts";
import { snapshotObject } from "../route.ts";
import { accessOf, accessShape, whoIs, whoShape } from "./session.ts";

const meta = z.object({
  snapshot: z.string(),
  published_at: z.string(),
  data_through: z.iso.date().nullable(),
  demo: z.boolean(),
  user: whoShape,
  access: accessShape.extend({
    label_nl: z.string().meta({ description: "What they are, in words" }),
    label_en: z.string(),
    personas: z.boolean().meta({ description: "Whether they can choose to be somebody else" }),
  }),
});

export default [
  snapshotObject({
    path: "/meta",
    summary: "What is served, and who asks",
    query: z.strictObject({}),
    schema: meta,
    ofUser: true,
    async object({ manifest, catalogue }, _query, { user, personas, inside }) {
      const { snapshot, published_at, data_through, demo } = manifest;
      const label = (language: "nl" | "en") => (inside ? labelMark : labelOf(user, language, { personas, catalogue }));
      const access = { ...accessOf(user), label_nl: label("nl"), label_en: label("en"), personas };
      return { snapshot, published_at, data_through, demo, user: whoIs(user), access };
    },
  }),
];
