import { createHash } from "node:crypto";
import { z } from "zod";
import { JsonText } from "../json.ts";
import { workspaceRoute } from "../route.ts";
import { previewDraft } from "../workbench/asks.ts";
import { askedPreview, mostBytes, previewed } from "../workbench/rows.ts";

/** What a draft is called that has no id yet. */
const unnamed = "new-indicator";

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

export default [
  workspaceRoute({
    method: "post",
    path: "/preview",
    changes: false,
    summary:
      "A draft's figures, through the gate: of a protected one by year, of force and units, rounded to 5. 422 where it is refused, takes too long or too much memory",
    query: z.strictObject({}),
    body: { contentType: "application/json", schema: askedPreview, mostBytes },
    schema: previewed,
    async answer({ body, definitions, tell, ...asker }) {
      const { definition, indicator_id = unnamed, targets, against, units } = body;
      const other = typeof against === "object" ? against.definition : undefined;
      const selection = [
        `/preview?indicator=${indicator_id}&sha256=${hashOf(definition)}`,
        ...(against ? [`against=${other === undefined ? against : hashOf(other)}`] : []),
        ...(units ? [`units=${units.join(",")}`] : []),
      ].join("&");
      // Until it is known that nothing protected is read, the text is told too: also of one that fails.
      tell({ selection, text: other === undefined ? definition : `${definition}\n-- against\n${other}` });
      const asked = {
        ...{ indicator_id, definition, targets: targets ?? definitions.targetsOf(indicator_id) },
        ...(against ? { against } : {}),
        ...(units ? { units } : {}),
      };
      const { text, rounded } = await previewDraft(asker, asked);
      if (!rounded && other === undefined) tell({ selection });
      return new JsonText(text);
    },
  }),
];
