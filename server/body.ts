import type { Request } from "express";
import type { z } from "zod";
import { checkCoding } from "./guard.ts";
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

/** The text of a body. 413 as soon as it is too long, 408 where it does not come in time: the rest is for others to throw away. */
export function readText(request: Request, most: number, patience = patienceMs): Promise<string> {
  checkCoding(request);
  const pieces: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => fail(tooSlow(patience)), patience);
    const take = (piece: Buffer) => {
      size += piece.length;
      pieces.push(piece);
      if (size > most) fail(new Problem(413, `the body has more than ${most} bytes`, { code: "too-large" }));
    };
    const end = () => {
      stop();
      resolve(Buffer.concat(pieces).toString("utf8"));
    };
    const cut = () => fail(new Problem(400, "the body was cut off; send it again", { code: "cut-off" }));
    const fail = (problem: Problem) => {
      stop();
      reject(problem);
    };
    const stop = () => {
      clearTimeout(late);
      request.off("data", take).off("end", end).off("close", cut).off("error", cut);
      request.once("error", () => undefined);
    };
    request.on("data", take).once("end", end).once("close", cut).once("error", cut);
  });
}

const tooSlow = (ms: number) =>
  new Problem(408, `the body did not come within ${ms / 1000} seconds; send it again`, { code: "too-slow" });

const bad = (faults: string[]) => new Problem(400, faults.join("; "), { code: "bad-body" });
