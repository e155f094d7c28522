import type { Request } from "express";
import type { z } from "zod";
import { Problem } from "./problem.ts";

const mostBytes = 64 * 1024;
const patienceMs = 10_000;

/** The checked JSON of a request's body; none at all counts as `{}`. 413 where it has more than `most` bytes. */
export async function readJson<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  most = mostBytes,
): Promise<z.output<Schema>> {
  const text = await readText(request, most);
  let value: unknown = {};
  try {
    if (text.trim() !== "") value = JSON.parse(text);
  } catch {
    throw bad(["the body is no JSON"]);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw bad(result.error.issues.flatMap((issue) => inWords(issue)));
}

/** The checked fields of a form that a page sends. */
export async function readForm<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  const fields = Object.fromEntries(new URLSearchParams(await readText(request, mostBytes)));
  const result = schema.safeParse(fields);
  if (result.success) return result.data;
  throw bad(result.error.issues.flatMap((issue) => inWords(issue)));
}

/** Of what may be one thing or another (an object or a list of them) the faults of the one that was meant. */
function inWords(issue: z.core.$ZodIssue, above: PropertyKey[] = []): string[] {
  const path = [...above, ...issue.path];
  const meant =
    issue.code === "invalid_union"
      ? issue.errors.find((each) => !each.some(({ code, path }) => code === "invalid_type" && path.length === 0))
      : undefined;
  if (meant) return meant.flatMap((each) => inWords(each, path));
  return [[path.join("."), issue.message].filter((part) => part !== "").join(": ")];
}

async function readText(request: Request, most: number): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  // Who sends nothing more is not there to read an answer either.
  const impatient = setTimeout(() => request.destroy(), patienceMs);
  try {
    for await (const piece of request as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size <= most) pieces.push(piece);
    }
  } catch {
    throw new Problem(400, "the body was cut off; send it again", { code: "cut-off" });
  } finally {
    clearTimeout(impatient);
  }
  if (size > most) throw new Problem(413, `the body has more than ${most} bytes`, { code: "too-large" });
  return Buffer.concat(pieces).toString("utf8");
}

const bad = (faults: string[]) => new Problem(400, faults.join("; "), { code: "bad-body" });
