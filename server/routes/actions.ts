import type { Request } from "express";
import { z } from "zod";
import { codes, fieldNames, isAsked, logOf, mergeActions, withBelow, type Action } from "../actions/actions.ts";
import { saveActions, unknownAction } from "../actions/edits.ts";
import { actionFields, changedAction, newAction, type ChangedAction, type NewAction } from "../actions/fields.ts";
import { importOf } from "../actions/import.ts";
import { readActionFile } from "../actions/read-file.ts";
import { lastVersions, readDelivered, versionsOf } from "../actions/store.ts";
import { id, ids, knownUnits } from "../fields.ts";
import { Form } from "../form.ts";
import { Problem, shown } from "../problem.ts";
import { workspaceRoute, workspaceRows, type FormBody, type Writing } from "../route.ts";
import { labelOf } from "./files.ts";
import type { Snapshot } from "../snapshot.ts";
import { smallTable, type Field } from "../table.ts";

const mostBytes = 4 * 1024 * 1024;
/** More are no plan that people follow. */
const mostAtOnce = 2000;

const list = (allowed: readonly string[]) =>
  ids
    .refine((given) => !given || given.every((each) => allowed.includes(each)), {
      error: ({ input }) => `is none of its codes: ${shown(String(input))}; choose of ${allowed.join(", ")}`,
    })
    .default(null);

const query = z.strictObject({
  action: ids.default(null).meta({ description: "Ids with commas between them, or `all`" }),
  unit: ids.default(null).meta({ description: "Ids with commas between them, each with all units below it, or `all`" }),
  kind: list(codes.kind).meta({ description: `Of ${codes.kind.join(", ")}` }),
  status: list(codes.status).meta({ description: `Of ${codes.status.join(", ")}` }),
  focus: id.optional().meta({ description: "A focus point, as the actions have it" }),
  owner: id.optional().meta({ description: "A function, as the actions have it" }),
  funding: list(codes.funding).meta({ description: `Of ${codes.funding.join(", ")}` }),
  mandatory: z.enum(codes.mandatory, "is neither yes nor no").optional(),
  late: z
    .enum(["true", "false"], "is neither true nor false")
    .transform((given) => given === "true")
    .optional()
    .meta({ description: "True: due before today and neither done nor stopped; false: all others" }),
  year: z
    .string()
    .regex(/^(199\d|20\d\d|2100)$/, "is no year from 1990 to 2100; write one as 2016")
    .transform(Number)
    .optional()
    .meta({ description: "Of the budget; of actions without one, any year from beginning to due date" }),
});

const fields = { ...z.object(actionFields).shape };
const row = z.object({
  action_id: z.string(),
  ...fields,
  version: z.number().int().meta({ description: "Of what was saved here; 0 where nothing was" }),
  source: z.enum(["feed", "here"]).meta({ description: "feed: as it was delivered last; here: as somebody saved it" }),
  late: z.boolean(),
  days_late: z.number().int().nullable(),
  delivered_differs: z
    .boolean()
    .meta({ description: "A later delivery says something else than what was saved here; what was saved holds" }),
  delivered: z
    .object(fields)
    .partial()
    .nullable()
    .meta({ description: "What that delivery says, of the fields that differ" }),
  saved_at: z.iso.datetime().nullable(),
  saved_by: z.string().nullable(),
});

const kinds: Record<string, Field["kind"]> = {
  ...{ starts_on: "date", due_on: "date", saved_at: "timestamp", delivered: "json" },
  ...{ late: "boolean", delivered_differs: "boolean" },
  ...Object.fromEntries(
    ["year", "budget", "committed", "spent", "forecast", "version", "days_late"].map((name) => [name, "number"]),
  ),
};
const columns: Field[] = Object.keys(row.shape).map((name) => ({ name, kind: kinds[name] ?? "text" }));

const tableOf = (actions: readonly Action[]) =>
  smallTable(
    columns,
    actions.map((each) => ({ ...each, saved_at: each.saved_at === null ? null : Date.parse(each.saved_at) })),
  );

/** 404 for what no action has, with what there is. */
function checkHas(actions: readonly Action[], field: "focus" | "owner", given: string | undefined): void {
  const there = new Set(actions.map((each) => each[field]).filter((each) => each !== null));
  const known = field === "focus" ? new Set([...there, ...focusPoints]) : there;
  if (given === undefined || known.has(given)) return;
  const some = [...known].sort().slice(0, 20).map(shown).join(", ");
  throw new Problem(404, `${field}: no action has ${shown(given)}; there are: ${some || "none"}`, {
    code: `unknown-${field}`,
  });
}

const focusPoints = ["connection", "inclusion", "discrimination", "composition"];
const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

async function readActions(snapshot: Snapshot, { workspace, at }: Pick<Writing<unknown, unknown>, "workspace" | "at">) {
  const delivered = await readDelivered(snapshot);
  const today = dayOf(at);
  const all = mergeActions(delivered, await workspace.read(lastVersions), today);
  return all.filter(({ unit_id }) => snapshot.catalogue.sees(unit_id, today));
}

/** One or several. */
const several = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([
    schema,
    z.array(schema).min(1, "is empty; send one at least").max(mostAtOnce, `has more than ${mostAtOnce}`),
  ]);
const asList = <T>(given: T | T[]): T[] => (Array.isArray(given) ? given : [given]);

/** Saves, and answers the actions as they stand then. */
async function save(
  writing: Pick<Writing<unknown, unknown>, "snapshots" | "workspace" | "user" | "at">,
  edits: { added: NewAction[]; changed: ChangedAction[] },
): Promise<Action[]> {
  const { snapshots, workspace, user, at } = writing;
  return snapshots.use(undefined, async (snapshot) => {
    const delivered = await readDelivered(snapshot);
    const { units, outside, sees } = snapshot.catalogue;
    const today = dayOf(at);
    const known = { delivered, units, outside: outside.units, sees: (unit_id: string) => sees(unit_id, today) };
    const author = { name: user.name, at };
    const saved = await workspace.write((db) => saveActions(db, edits, known, author));
    const all = new Map((await readActions(snapshot, writing)).map((each) => [each.action_id, each]));
    return [...new Set(saved)].map((each) => all.get(each)!);
  });
}

const json = "application/json" as const;

const largestFile = 8 * 1024 * 1024;

/** The one file of a form. */
async function readFile(request: Request): Promise<{ name: string; bytes: Buffer }> {
  const limits = { bytes: largestFile + 64 * 1024, text: 1024, parts: 2, silenceMs: 30_000, leastPace: 16 * 1024 };
  const form = new Form(request, limits);
  const part = await form.next();
  if (!part || !("bytes" in part) || part.name !== "file")
    throw new Problem(400, "there is no file in the form; send one as the field file, as curl -F file=@name does", {
      code: "bad-form",
    });
  const pieces: Buffer[] = [];
  for await (const piece of form.read(part.bytes)) pieces.push(piece);
  if (await form.next()) throw new Problem(400, "the form has more than one file; send one", { code: "bad-form" });
  return { name: labelOf(part.file), bytes: Buffer.concat(pieces) };
}

export default [
  workspaceRows({
    path: "/actions",
    summary: "Actions, projects and decisions: as they were written here last, or else as they were delivered",
    query,
    row,
    async rows(snapshot, { query, workspace, at }) {
      const actions = await readActions(snapshot, { workspace, at });
      const { unit, ...asked } = query;
      const chosen = knownUnits(snapshot, unit);
      const units = chosen && withBelow(chosen, snapshot.catalogue.units);
      checkHas(actions, "focus", asked.focus);
      checkHas(actions, "owner", asked.owner);
      const stranger = asked.action?.find((each) => !actions.some(({ action_id }) => action_id === each));
      if (stranger !== undefined) throw unknownAction(stranger);
      return tableOf(actions.filter((each) => isAsked(each, { ...asked, units })));
    },
  }),
  workspaceRoute({
    method: "post",
    path: "/actions",
    summary: "Adds an action or several, all of them or none; answers them with their ids",
    query: z.strictObject({}),
    body: { contentType: json, schema: several(newAction), mostBytes },
    schema: z.array(row),
    answer: (writing) => save(writing, { added: asList(writing.body), changed: [] }),
  }),
  workspaceRoute({
    method: "patch",
    path: "/actions",
    summary: "Changes fields of an action or several; 409, and nothing saved, where someone else saved meanwhile",
    query: z.strictObject({}),
    body: { contentType: json, schema: several(changedAction), mostBytes },
    schema: z.array(row),
    answer: (writing) => save(writing, { added: [], changed: asList(writing.body) }),
  }),
  workspaceRoute({
    method: "post",
    path: "/actions/file",
    summary:
      "Reads a list of actions (CSV, XLSX, JSON; an export too): adds those without an id and changes the others, all of them or none",
    query: z.strictObject({}),
    body: {
      contentType: "multipart/form-data",
      schema: z.object({ file: z.string().meta({ format: "binary" }) }),
      mostBytes: largestFile,
      read: readFile,
    } as FormBody<{ name: string; bytes: Buffer }>,
    schema: z.object({
      read: z.number().int(),
      added: z.number().int(),
      changed: z.number().int(),
      unchanged: z.number().int(),
    }),
    async answer(writing) {
      const { name, bytes } = writing.body as { name: string; bytes: Buffer };
      const rows = await readActionFile(bytes, name, await writing.contracts.of("actions"));
      const { unchanged, ...edits } = await writing.snapshots.use(undefined, async (snapshot) =>
        importOf(rows, await readActions(snapshot, writing), snapshot.catalogue.units),
      );
      await save(writing, edits);
      const { added, changed } = edits;
      return { read: rows.length, added: added.length, changed: changed.length, unchanged };
    },
  }),
  workspaceRoute({
    method: "get",
    path: "/actions/:action/history",
    summary: "The log of an action, the last first: who changed what and when, and what was delivered",
    query: z.strictObject({ action: id }),
    body: null,
    schema: z.array(
      z.object({
        source: z.enum(["feed", "here"]),
        version: z.number().int(),
        saved_at: z.iso.datetime().nullable(),
        saved_by: z.string().nullable(),
        changes: z.array(
          z.object({
            field: z.enum(fieldNames as [string, ...string[]]),
            old: z.union([z.string(), z.number()]).nullable(),
            new: z.union([z.string(), z.number()]).nullable(),
          }),
        ),
      }),
    ),
    async answer({ query, snapshots, workspace, at }) {
      const versions = await workspace.read((db) => versionsOf(db, query.action));
      const { delivered, sees } = await snapshots.use(undefined, async (snapshot) => ({
        delivered: await readDelivered(snapshot),
        sees: snapshot.catalogue.sees,
      }));
      const own = delivered.find((each) => each.action_id === query.action) ?? null;
      const current = versions.at(-1) ?? own;
      if (!current || !sees(current.unit_id, dayOf(at))) throw unknownAction(query.action);
      return logOf(own, versions);
    },
  }),
];
