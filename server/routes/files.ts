import type { Readable } from "node:stream";
import { z } from "zod";
import type { LoadResult } from "../../pipelines/loading/load.ts";
import { id } from "../fields.ts";
import { Form, type Part } from "../form.ts";
import type { Pipelines } from "../pipelines.ts";
import { Problem, shown } from "../problem.ts";
import type { PipelinesRoute } from "../route.ts";

const mostParts = 100;
const longestText = 256 * 1024;
const silenceMs = 60_000;
/** The slowest office line; a sender below it would keep all other work waiting. */
const leastPace = 16 * 1024;

/** How long the largest upload may take, in milliseconds: at the least pace, and an hour for the pipelines to be done with something else. */
export const longestUploadMs = (bytes: number): number => Math.ceil((bytes / leastPace) * 1000) + 3_600_000;

const loaded = z.object({
  feed: z.string(),
  file: z.string(),
  load_id: z.number().int().nullable(),
  read: z.number().int(),
  accepted: z.number().int(),
  merged: z.number().int(),
  skipped: z.number().int(),
  quarantined: z.number().int(),
  unchanged: z.boolean(),
  by_person: z.boolean(),
  refused: z.string().nullable(),
  reasons: z.record(z.string(), z.number().int()),
});

const form = z.object({
  accept_change: z
    .enum(["true", "false"])
    .optional()
    .meta({ description: "Load also where the total differs much from the last load of the same coverage" }),
  mapping: z.string().optional().meta({ description: "A mapping, as text or as a file; before the files" }),
  file: z
    .array(z.string().meta({ format: "binary" }))
    .min(1)
    .meta({ description: "One file or several, after the other fields" }),
});

/** The name that a file is told by: no folder, no control characters, not long. It never becomes a path. */
export function labelOf(name: string | undefined): string {
  const base = (name ?? "").split(/[/\\]/).at(-1)!;
  const plain = base.replace(/[\p{Cc}\p{Cf}]+/gu, "").trim();
  return plain === "" || /^\.+$/.test(plain) ? "upload" : plain.slice(-200);
}

const upload: PipelinesRoute = {
  answers: "pipelines",
  method: "post",
  path: "/feeds/:feed/files",
  summary: "Loads files of a feed, as kvv load does; what was loaded is published by itself",
  query: z.strictObject({ feed: id }),
  body: { contentType: "multipart/form-data", schema: form },
  schema: z.union([
    loaded.extend({ publishing: z.literal(true).optional() }),
    z.object({ loads: z.array(loaded), publishing: z.literal(true).optional() }),
  ]),
  async answer({ request, query, pipelines, contracts, maxFileBytes }) {
    const { name: feed } = await contracts.of(String(query.feed));
    await pipelines.checkRunning();
    const form = new Form(request, {
      bytes: maxFileBytes + 1024 * 1024,
      text: longestText,
      parts: mostParts,
      silenceMs,
      leastPace,
    });
    const loads: LoadResult[] = [];
    let publishing = false;
    try {
      await takeFiles(form, feed, pipelines, loads);
    } finally {
      publishing = loads.some((load) => load.load_id !== null && !load.unchanged);
      if (publishing) await pipelines.publishLater();
    }
    const result = loads.length === 1 ? loads[0]! : { loads };
    return publishing ? { ...result, publishing } : result;
  },
};

/** Loads the files of the form one after another; what they are loaded with stands before them. */
async function takeFiles(form: Form, feed: string, pipelines: Pipelines, loads: LoadResult[]): Promise<void> {
  let mapping: string | null = null;
  let acceptChange = false;
  let part = await form.next();
  for (; part && part.name !== "file"; part = await form.next()) {
    const text = "bytes" in part ? await textOf(form, part) : part.text;
    if (part.name === "mapping") mapping = text;
    else if (part.name !== "accept_change") throw unknown(part.name);
    else if (text === "true" || text === "false") acceptChange = text === "true";
    else throw bad(`accept_change: ${shown(text)} is neither true nor false`);
  }
  if (!part) throw bad("there is no file in the form; send one as the field file");
  while (part) {
    if (!("bytes" in part)) throw bad("file is a text; send it as a file, as curl -F file=@name does");
    const { file, bytes } = part;
    let next: Part | null = null;
    // Its end is told only when what follows is known to be right: a form that is wrong or cut off loads nothing more.
    const whole = async function* (): AsyncGenerator<Buffer> {
      yield* form.read(bytes);
      next = await form.next();
      if (next && next.name !== "file") throw late(next.name);
    };
    loads.push(await pipelines.load({ feed, name: labelOf(file), mapping, acceptChange, bytes: whole() }));
    part = next as Part | null;
  }
}

async function textOf(form: Form, { name, bytes }: Part & { bytes: Readable }): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of form.read(bytes)) {
    size += piece.length;
    if (size > longestText) throw new Problem(413, `${shown(name)} is longer than ${longestText} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

const bad = (words: string) => new Problem(400, words, { code: "bad-form" });
const unknown = (name: string) => bad(`no field ${shown(name)}; there are: accept_change, mapping, file`);
const late = (name: string) =>
  name === "mapping" || name === "accept_change"
    ? bad(`${name} stands after a file; send it before the files`)
    : unknown(name);

export default [upload];
