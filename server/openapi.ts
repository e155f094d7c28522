import { z } from "zod";
import { formats, type FileFormat } from "./format.ts";
import { methodOf, type Route } from "./route.ts";

type Json = Record<string, unknown>;

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
});

const about: Json = {
  name: "about",
  in: "query",
  description:
    "In CSV: `true` writes lines above the header, each after a `#`, that say snapshot, dates, question and definitions. Arrow has these in its schema, XLSX on its second sheet",
  schema: { type: "boolean", default: false },
};

const inLocale = (description: string, otherwise: "nl" | "en"): Json => ({
  name: "locale",
  in: "query",
  description,
  schema: { type: "string", enum: ["nl", "en"], default: otherwise },
});

const ofShape = (offered: readonly FileFormat[], locale: string): Json[] => [
  {
    name: "format",
    in: "query",
    description: "Shape of the answer; without it, as `Accept` says",
    schema: { type: "string", enum: offered.map((format) => format.name) },
  },
  inLocale(locale, "en"),
];

/** The parameters of the shape that a route's answer can have. */
function shapesOf(route: Route): Json[] {
  if (route.answers === "file") return ofShape(route.formats, "In Dutch or English words");
  if (route.answers === "workspaceFile" || route.answers === "registerFile")
    return [inLocale("In Dutch or English words", "nl")];
  if (["rows", "operations", "written", "audit", "register"].includes(route.answers))
    return [
      ...ofShape(
        formats,
        "In CSV: `nl` writes semicolons and decimal commas. In XLSX: the language of its header and its second sheet, and the form of its dates",
      ),
      about,
    ];
  return [];
}

/** The OpenAPI 3.1 document, made of the schemas that check the requests. */
export function openApi(routes: readonly Route[], base: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [methodOf(route)]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "KVV monitor",
      version: "1",
      description: "Published figures of the programme, as the gate let them through.",
    },
    servers: [{ url: base }],
    paths,
    components: { schemas: { Problem: schemaOf(problem) } },
  };
}

function operation(route: Route): Json {
  return {
    summary: route.summary,
    parameters: [...parametersOf(route), ...shapesOf(route)],
    ...bodyOf(route),
    responses: {
      ...answerOf(route),
      default: {
        description: "What went wrong",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
}

function parametersOf({ path, query }: Route): Json[] {
  return Object.entries(query.shape).map(([name, schema]) => {
    const inPath = path.includes(`:${name}`);
    const { description, ...rest } = schemaOf(schema as z.ZodType);
    return {
      name,
      in: inPath ? "path" : "query",
      required: inPath || !(schema as z.ZodType).safeParse(undefined).success,
      ...(description ? { description } : {}),
      schema: rest,
    };
  });
}

function bodyOf(route: Route): Json {
  if (!("body" in route) || !route.body) return {};
  const required = route.answers !== "pipelines" || route.body.contentType === "multipart/form-data";
  return {
    requestBody: { required, content: { [route.body.contentType]: { schema: schemaOf(route.body.schema) } } },
  };
}

function answerOf(route: Route): Json {
  if (route.answers === "session" && !route.schema) return { 204: { description: "Done" } };
  if (route.answers === "document")
    return {
      200: { description: "A document", content: { [route.mediaType]: { schema: { type: "string" } } } },
      304: { description: "The same as the reader has" },
    };
  if (route.answers === "workspaceFile" || route.answers === "registerFile")
    return {
      200: { description: "A file to keep", content: { [route.mediaType]: { schema: {} } } },
      304: { description: "The same as the reader has" },
    };
  if (route.answers === "file")
    return {
      200: {
        description: "A file to keep",
        content: Object.fromEntries(route.formats.map((format) => [format.mediaType, { schema: {} }])),
      },
      304: { description: "The same as the reader has" },
    };
  if (
    route.answers === "object" ||
    route.answers === "feed" ||
    route.answers === "pipelines" ||
    route.answers === "plan" ||
    route.answers === "workspace" ||
    route.answers === "session"
  )
    return { 200: { description: "Found", content: { "application/json": { schema: schemaOf(route.schema!) } } } };
  const content: Json = {};
  for (const format of formats)
    content[format.mediaType] =
      format.name === "json" ? { schema: { type: "array", items: schemaOf(route.row) } } : { schema: {} };
  return { 200: { description: "Rows", content }, 304: { description: "The same as the reader has" } };
}

function schemaOf(schema: z.ZodType): Json {
  const found = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Json;
  delete found.$schema;
  return found;
}
