import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Request, RequestHandler } from "express";
import type { Logger } from "pino";
import { isNameOfSnapshot } from "../manifest.ts";
import { Problem, shown } from "../problem.ts";
import type { Recorder } from "../recorder.ts";
import { named } from "../route-of.ts";
import { ForServers } from "./for-servers.ts";
import { isSame } from "./sealed.ts";

/** What is offered, and to whom. */
export interface OfferOptions {
  /** The folder `published`. */
  published: string;
  token: string;
  recorder: Recorder;
  log: Pick<Logger, "warn">;
}

/** Who fetched, in the log of who did what. */
export const fetcherName = "another server";

/**
 * The folder `published` for servers on other machines that know the secret: the pointer, the list, manifests and
 * databases by their names, in parts too. It lists nothing else, and tells nobody else that it is there.
 */
export function offerPublished({ published, token, recorder, log }: OfferOptions): RequestHandler {
  const check: RequestHandler = (request, response, next) => {
    response.setHeader("Cache-Control", "no-store");
    const [, given] = /^Bearer ([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? "") ?? [];
    if (given !== undefined && isSame(given, token)) return next();
    log.warn("somebody asked for /published/ without its secret");
    throw new Problem(401, "the published folder is for servers that know KVV_PUBLISHED_TOKEN", {
      code: "no-token",
      headers: { "WWW-Authenticate": 'Bearer realm="published"' },
    });
  };
  const routes = new ForServers("/published", { published_secret: check }, named("/published/*"));
  const text =
    (nameOf: (snapshot: string) => string): RequestHandler =>
    async (request, response) => {
      const name = nameOf(String(request.params.snapshot ?? ""));
      const found = await readFile(path.join(published, name), "utf8").catch(() => null);
      if (found === null) throw nothingAt(request);
      response.set({ ETag: `"${createHash("sha256").update(found).digest("base64url")}"` });
      if (request.fresh) return void response.status(304).end();
      response.type(name.endsWith(".json") ? "json" : "text").end(found);
    };
  const ofSnapshot: RequestHandler = (request, _response, next) => {
    if (!isNameOfSnapshot(String(request.params.snapshot))) throw nothingAt(request);
    next();
  };
  const pointer = text(() => "current");
  const list = text(() => "snapshots.json");
  const manifest = text((snapshot) => `${snapshot}/manifest.json`);
  routes.on("get", "/current", pointer);
  routes.on("get", "/snapshots.json", list);
  routes.on("get", "/:snapshot/manifest.json", ofSnapshot, manifest);
  routes.on("get", "/:snapshot/series.duckdb", ofSnapshot, async (request, response, next) => {
    const snapshot = String(request.params.snapshot);
    if (request.method === "GET") {
      await recorder.check();
      const user = { name: fetcherName, roles: [], units: [] };
      recorder.tell({ id: "", user }, "exported", "/published", `${snapshot}/series.duckdb`);
    }
    // What has a snapshot's name never changes.
    response.setHeader("ETag", `"${snapshot}"`);
    // The engine's lock on a file ends when this process closes another handle of it: nobody ever opens a snapshot for writing.
    response.sendFile(`${snapshot}/series.duckdb`, { root: published, cacheControl: false }, (error) => {
      if (!error || response.headersSent) return;
      next((error as NodeJS.ErrnoException).code === "ENOENT" ? nothingAt(request) : error);
    });
  });
  routes.router.use(check, (request) => {
    throw nothingAt(request);
  });
  return routes.router;
}

const nothingAt = ({ originalUrl }: Request): Problem => new Problem(404, `nothing at ${shown(originalUrl)}`);
