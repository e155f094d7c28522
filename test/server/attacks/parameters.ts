import { z } from "zod";
import { methodOf, type Route } from "../../../server/route.ts";
import { routes } from "../../../server/routes/index.ts";

/** A parameter of a route, and the question that is right but for it. */
export interface Parameter {
  route: Route;
  method: string;
  name: string;
  inPath: boolean;
  /** The address below the server, with a value (as it stands there) in the parameter's place. */
  address(value: string): string;
}

/** Right values of what a route cannot do without. */
const right: Record<string, string> = {
  ...{ unit: "den-haag", indicator: "intake-dual", id: "intake-dual", half: "2016-H2", subject: "discrimination" },
  ...{ year: "2016", to: "2017-12-31", file: "0".repeat(64), feed: "complaints", action: "a1" },
  ...{ draft: "1", version: "1", grain: "year", period: "2016" },
};

function rightValue(route: Route, name: string): string {
  const value = right[name];
  if (value === undefined)
    throw new Error(`${route.path} needs ${name}; give a right value of it in test/server/attacks/parameters.ts`);
  return value;
}

const inPathOf = (route: Route): string[] => [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name!);

/** What chooses the shape of an answer stands in no route's own query. */
function ofShape({ answers }: Route): string[] {
  if (answers === "workspaceFile") return ["locale"];
  if (answers === "file") return ["format", "locale"];
  return ["rows", "operations", "written", "audit"].includes(answers) ? ["format", "locale", "about"] : [];
}

/** Every route with its method, as its name. */
export const named = routes.map((route) => [`${methodOf(route).toUpperCase()} ${route.path}`, route] as const);

/** A right question to a route. */
export function questionOf(route: Route): string {
  return addressOf(route, {});
}

/** All parameters that a route declares. */
export function parametersOf(route: Route): Parameter[] {
  const inPath = inPathOf(route);
  return [...Object.keys(route.query.shape), ...ofShape(route)].map((name) => ({
    route,
    method: methodOf(route).toUpperCase(),
    name,
    inPath: inPath.includes(name),
    address: (value) => addressOf(route, { [name]: value }),
  }));
}

function addressOf(route: Route, given: Record<string, string>): string {
  const inPath = inPathOf(route);
  const needed = Object.entries(route.query.shape as Record<string, z.ZodType>)
    .filter(([name, schema]) => !inPath.includes(name) && !schema.safeParse(undefined).success)
    .map(([name]) => name);
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => given[name] ?? rightValue(route, name));
  const names = [...new Set([...needed, ...Object.keys(given)])].filter((name) => !inPath.includes(name));
  const query = names.map((name) => `${name}=${given[name] ?? rightValue(route, name)}`).join("&");
  return `/api/v1${path}${query ? `?${query}` : ""}`;
}

/** A schema of JSON, as far as it is looked into here. */
interface Shape {
  type?: string | string[];
  properties?: Record<string, Shape>;
  items?: Shape;
  anyOf?: Shape[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  minimum?: number;
}

/** Bodies that are right but for one text in them, for every place where a text may stand. */
export function bodiesOf(route: Route, text: string): { place: string; body: unknown }[] {
  if (!("body" in route) || route.body?.contentType !== "application/json") return [];
  const shape = z.toJSONSchema(route.body.schema, { io: "input", unrepresentable: "any" }) as Shape;
  return placesOf(shape).map((place) => ({ place: place.join("."), body: sample(shape, place, text) }));
}

/** What is meant of a choice: the first that is something. */
const meant = (shape: Shape): Shape => (shape.anyOf ? meant(shape.anyOf.find(({ type }) => type !== "null")!) : shape);

function placesOf(given: Shape, at: string[] = []): string[][] {
  const shape = meant(given);
  if (shape.properties)
    return Object.entries(shape.properties).flatMap(([name, each]) => placesOf(each, [...at, name]));
  if (shape.items) return placesOf(shape.items, [...at, "0"]);
  return shape.type === "string" || shape.enum ? [at] : [];
}

/** Right values of texts in bodies that are no text of one's own. */
const rightTexts: Record<string, string> = {
  ...{ unit: "den-haag", unit_id: "den-haag", indicator: "intake-dual", indicator_id: "intake-dual", from: "2017-H1" },
  ...{ persona: "control", action_id: "a1" },
};

function sample(given: Shape, place: readonly string[] | null, text: string, name = ""): unknown {
  if (place?.length === 0) return text;
  const shape = meant(given);
  if (shape.const !== undefined) return shape.const;
  if (shape.enum) return shape.enum[0];
  if (shape.properties)
    return Object.fromEntries(
      Object.entries(shape.properties).map(([key, each]) => [
        key,
        sample(each, place?.[0] === key ? place.slice(1) : null, text, key),
      ]),
    );
  if (shape.items) return [sample(shape.items, place?.[0] === "0" ? place.slice(1) : null, text)];
  if (shape.type === "string") return rightTexts[name] ?? (shape.format === "date" ? "2016-12-31" : "woorden");
  if (shape.type === "boolean") return false;
  return Math.max(0, shape.minimum ?? 0);
}
