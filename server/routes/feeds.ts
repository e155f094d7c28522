import { z } from "zod";
import type { Contract } from "../../pipelines/contracts/contract.ts";
import { id } from "../fields.ts";
import { xlsxType } from "../format.ts";
import { operationsRows, type FeedFile, type FeedObject } from "../route.ts";
import type { Field } from "../table.ts";
import { templateCsv, templateXlsx } from "../template.ts";

const words = z.object({ nl: z.string(), en: z.string() });

const column = z.object({
  name: z.string(),
  type: z.string(),
  required: z.boolean(),
  unless: z.string().nullable(),
  values: z.record(z.string(), z.array(z.string())).nullable(),
  aliases: z.array(z.string()),
  min: z.number().nullable(),
  max: z.number().nullable(),
  default: z.number().nullable(),
  signed: z.boolean(),
  future: z.boolean(),
  personal: z.boolean(),
  person: z.boolean(),
});

const described = z.object({
  feed: z.string(),
  title: words,
  description: words,
  grain: words,
  mode: z.enum(["upsert", "replace"]),
  key: z.array(z.string()),
  date: z.string(),
  weight: z.string().nullable(),
  cadence: z.string(),
  due_days: z.number().int(),
  overdue_days: z.number().int(),
  sensitivity: z.string(),
  owner: z.string(),
  legal_ground: words,
  retention: words,
  history: z.array(z.object({ on: z.iso.date(), change: z.string() })),
  columns: z.array(column),
  one_of: z.array(z.array(z.string())),
  date_order: z.array(z.array(z.string())),
  parts: z.array(z.array(z.string())),
});

/** A contract as readers see it: all columns alike, what one leaves out is null. */
function describe(contract: Contract): z.output<typeof described> {
  const { name, title, description, grain, mode, key, date, weight, columns, ...rest } = contract;
  const { cadence, due_days, overdue_days, sensitivity, owner, legal_ground, retention, history } = rest;
  return {
    ...{ feed: name, title, description, grain, mode, key, date, weight: weight ?? null },
    ...{ cadence, due_days, overdue_days, sensitivity, owner, legal_ground, retention, history },
    columns: columns.map((each) => ({
      ...{ name: each.name, type: each.type, required: each.required, unless: each.unless ?? null },
      ...{ values: each.values ?? null, aliases: each.aliases },
      ...{ min: each.min ?? null, max: each.max ?? null, default: each.default ?? null },
      ...{ signed: each.signed, future: each.future, personal: each.personal, person: each.person },
    })),
    ...{ one_of: rest.one_of, date_order: rest.date_order, parts: rest.parts },
  };
}

const feed: FeedObject = {
  answers: "feed",
  path: "/feeds/:feed",
  summary: "What a feed is: its columns, their values, when it is expected, and on what ground it is kept",
  query: z.strictObject({ feed: id }),
  schema: described,
  object: describe,
};

const template: FeedFile = {
  answers: "file",
  path: "/feeds/:feed/template",
  summary: "A file for senders to fill in: the header, and in the spreadsheet what goes into each column",
  query: z.strictObject({ feed: id }),
  formats: [
    {
      ...{ name: "csv", mediaType: "text/csv", contentType: "text/csv; charset=utf-8" },
      make: templateCsv,
    },
    {
      name: "xlsx",
      mediaType: xlsxType,
      contentType: xlsxType,
      make: templateXlsx,
    },
  ],
  name: (contract) => `${contract.name}-template`,
};

const fields: Field[] = [
  { name: "feed", kind: "text" },
  { name: "title_nl", kind: "text" },
  { name: "title_en", kind: "text" },
  { name: "owner", kind: "text" },
  { name: "cadence", kind: "text" },
  { name: "covered_to", kind: "date" },
  { name: "last_load_at", kind: "timestamp" },
  { name: "freshness", kind: "text" },
  { name: "due_on", kind: "date" },
  { name: "overdue_on", kind: "date" },
  { name: "trouble", kind: "text" },
  { name: "trouble_since", kind: "timestamp" },
  { name: "trouble_reason", kind: "text" },
  { name: "trouble_file", kind: "text" },
  { name: "source", kind: "text" },
  { name: "next_run_at", kind: "timestamp" },
];

export default [
  operationsRows({
    path: "/feeds",
    summary: "How far each feed has come, when more is expected, and what is wrong with what came last",
    query: z.strictObject({}),
    row: z.object({
      feed: z.string(),
      title_nl: z.string(),
      title_en: z.string(),
      owner: z.string(),
      cadence: z.string(),
      covered_to: z.iso.date().nullable(),
      last_load_at: z.iso.datetime().nullable(),
      freshness: z.enum(["fresh", "due", "overdue"]),
      due_on: z.iso.date().nullable(),
      overdue_on: z.iso.date().nullable(),
      trouble: z.enum(["refused", "failed"]).nullable(),
      trouble_since: z.iso.datetime().nullable(),
      trouble_reason: z.string().nullable(),
      trouble_file: z.string().nullable(),
      source: z.string().nullable(),
      next_run_at: z.iso.datetime().nullable(),
    }),
    fields,
    inSnapshot: true,
    sql: () => ({ sql: "select {fields} from feeds order by feed", parameters: {} }),
  }),
  feed,
  template,
];
