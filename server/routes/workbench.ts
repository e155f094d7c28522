import { z } from "zod";
import { workspaceRoute } from "../route.ts";
import { templates } from "../workbench/templates.ts";

const nothing = z.strictObject({});

export default [
  workspaceRoute({
    method: "get",
    path: "/templates",
    summary: "Beginnings of a new indicator: definitions with a worked example, without their words",
    query: nothing,
    body: null,
    schema: z.array(
      z.object({
        template: z.string(),
        title_nl: z.string(),
        title_en: z.string(),
        definition: z.string(),
        examples: z.string(),
      }),
    ),
    answer: async ({ today }) => templates(today),
  }),
  workspaceRoute({
    method: "get",
    path: "/workbench/indicators",
    summary: "Every indicator that stands, also one that is not published yet, with the number of its version",
    query: nothing,
    body: null,
    schema: z.array(
      z.object({
        indicator_id: z.string(),
        title_nl: z.string().nullable(),
        title_en: z.string().nullable(),
        version: z.number().int().meta({ description: "0 where its definition says none" }),
      }),
    ),
    async answer({ definitions, pipelines }) {
      pipelines.readyForDrafts();
      return [...definitions.all().values()].map(({ indicator_id, title, number }) => ({
        ...{ indicator_id, title_nl: title?.nl ?? null, title_en: title?.en ?? null, version: number },
      }));
    },
  }),
];
