import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import express, { type Request, type RequestHandler } from "express";
import type { Logger } from "pino";
import { isNameOfSnapshot } from "../manifest.ts";
import { Problem, shown } from "../problem.ts";
import type { Recorder } from "../recorder.ts";
import { named } from "../route-of.ts";
import { checkSealed, isSame } from "./sealed.ts";

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
  const router = express.Router({ caseSensitive: true, strict: true });
  router.use(named("/published/*"), checkSealed, (request, response, next) => {
    response.setHeader("Cache-Control", "no-store");
    const [, given] = /^Bearer ([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? "") ?? [];
    if (given !== undefined && isSame(given, token)) return next();
    log.warn("somebody asked for /published/ without its secret");
    throw new Problem(401, "the published folder is for servers that know KVV_PUBLISHED_TOKEN", {
      code: "no-token",
      headers: { "WWW-Authenticate": 'Bearer realm="published"' },
    });
  });
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
  router.get(
    "/current",
    text(() => "current"),
  );
  router.get(
    "/snapshots.json",
    text(() => "snapshots.json"),
  );
  router.param("snapshot", (request, _response, next, name: string) => {
    if (!isNameOfSnapshot(name)) throw nothingAt(request);
    next();
  });
  router.get(
    "/:snapshot/manifest.json",
    text((snapshot) => `${snapshot}/manifest.json`),
  );
  router.get("/:snapshot/series.duckdb", async (request, response, next) => {
    const { snapshot } = request.params;
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
  router.use((request) => {
    throw nothingAt(request);
  });
  return router;
}

const nothingAt = ({ originalUrl }: Request): Problem => new Problem(404, `nothing at ${shown(originalUrl)}`);
