import type { Request } from "express";
import type { z } from "zod";
import { Problem, shown } from "./problem.ts";

/** Parameters that every route of rows has; they choose the shape of the answer and not its rows. */
const ofShape = new Set(["format", "locale", "about"]);

/** What was asked last, by its route's schema: most ask what somebody asked before. */
const known = new WeakMap<z.ZodObject, Map<string, object>>();
const mostKnown = 500;
/** Longer ones are read each time. */
const longestKnown = 1000;

/** The checked query of a request, the parts of its path among it; 400 that says what is wrong with each parameter. Nobody may change it: others get the same. */
export function readQuestion<Query extends z.ZodObject>(
  request: Request,
  schema: Query,
  shaped: boolean,
): Readonly<z.output<Query>> {
  const { url } = request;
  const before = known.get(schema) ?? new Map<string, object>();
  const found = before.get(url) as z.output<Query> | undefined;
  if (found) return found;
  const result = read(request, schema, shaped);
  if (url.length > longestKnown) return result;
  known.set(schema, before.set(url, Object.freeze(result)));
  for (const oldest of before.keys()) if (before.size > mostKnown) before.delete(oldest);
  return result;
}

const texts = new WeakMap<object, string>();

/** A question as text, alike for those that ask the same in the same order. */
export function textOf(question: Readonly<object>): string {
  const known = texts.get(question);
  if (known !== undefined) return known;
  const text = JSON.stringify(question);
  texts.set(question, text);
  return text;
}

function read<Query extends z.ZodObject>(request: Request, schema: Query, shaped: boolean): z.output<Query> {
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(request.query)) {
    if (shaped && ofShape.has(name)) continue;
    if (name in request.params) throw bad([`${name}: stands in the path already`]);
    if (Array.isArray(value)) throw bad([`${shown(name)}: stands there twice`]);
    given[name] = value;
  }
  const result = schema.safeParse({ ...given, ...request.params });
  if (result.success) return result.data;
  const names = Object.keys(schema.shape).concat(shaped ? [...ofShape] : []);
  throw bad(result.error.issues.flatMap((issue) => inWords(issue, names)));
}

function inWords(issue: z.core.$ZodIssue, names: readonly string[]): string[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => `no parameter ${shown(key)}; there are: ${names.join(", ") || "none"}`);
  const name = String(issue.path[0] ?? "query");
  if (issue.code === "invalid_type" && issue.input === undefined && issue.message.includes("undefined"))
    return [`${name}: is missing`];
  if (issue.code === "invalid_type" && issue.expected === "number") return [`${name}: is not a number`];
  return [`${name}: ${issue.message}`];
}

const bad = (faults: string[]) => new Problem(400, faults.join("; "), { code: "bad-query" });
