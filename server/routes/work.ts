import { z } from "zod";
import { readJson } from "../body.ts";
import { id } from "../fields.ts";
import type { PipelinesRoute } from "../route.ts";

const number = z.number().nullable();

const work: PipelinesRoute = {
  answers: "pipelines",
  method: "get",
  path: "/work",
  summary: "What the pipelines do now, how far they are, and how much waits",
  query: z.strictObject({}),
  body: null,
  schema: z.object({
    running: z.boolean(),
    task: z
      .object({
        what: z.string(),
        feed: z.string().nullable(),
        file: z.string().nullable(),
        step: z.string().nullable(),
        done: number,
        total: number,
        share: number,
        seconds_left: number,
        rows: number,
        started_at: z.iso.datetime(),
      })
      .nullable(),
    waiting: z.number().int(),
  }),
  answer: ({ pipelines }) => pipelines.work(),
};

const asked = z.strictObject({
  feeds: z.array(id).max(1000).default([]).meta({ description: "Only these feeds; all where left out" }),
});

const run: PipelinesRoute = {
  answers: "pipelines",
  method: "post",
  path: "/runs",
  summary: "Fetches and loads what is there, then publishes, as kvv run does",
  query: z.strictObject({}),
  body: { contentType: "application/json", schema: asked },
  schema: z.looseObject({ loads: z.array(z.looseObject({ feed: z.string(), file: z.string() })) }),
  async answer({ request, pipelines, contracts }) {
    const { feeds } = await readJson(request, asked);
    for (const feed of feeds) await contracts.of(feed);
    return pipelines.ask("run", feeds);
  },
};

export default [work, run];
