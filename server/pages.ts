import path from "node:path";
import compression from "compression";
import express, { type Express, type RequestHandler } from "express";
import { Problem } from "./problem.ts";

/** The web's built files; or, in development, what serves its sources and its page. */
export type Pages =
  { dev: false; folder: string } | { dev: true; middleware: RequestHandler; page(address: string): Promise<string> };

/** Everything outside `/api`: files of the build by their names, and its one page for every address without one. */
export function servePages(app: Express, pages: Pages): void {
  if (pages.dev) {
    app.use(pages.middleware);
    app.get(/.*/, async (request, response, next) => {
      if (!isPage(request.path) || !request.accepts("html")) return next();
      response.type("html").send(await pages.page(request.originalUrl));
    });
    return;
  }
  const hashed = path.join(pages.folder, "assets") + path.sep;
  app.use(
    compression(),
    express.static(pages.folder, {
      index: false,
      redirect: false,
      dotfiles: "ignore",
      etag: true,
      setHeaders(response, file) {
        const cached = file.startsWith(hashed) ? "public, max-age=31536000, immutable" : "no-cache";
        response.setHeader("Cache-Control", cached);
      },
    }),
  );
  app.get(/.*/, (request, response, next) => {
    if (!isPage(request.path) || !request.accepts("html")) return next();
    response.setHeader("Cache-Control", "no-cache");
    response.sendFile("index.html", { root: pages.folder, cacheControl: false, etag: true }, (error) => {
      if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") next(notBuilt());
      else if (error) next(error);
    });
  });
}

const notBuilt = () =>
  new Problem(503, "the pages are being built; try again in a moment", { headers: { "Retry-After": "2" } });

/** An address whose last part has an extension names a file; all others are pages. */
const isPage = (address: string): boolean => !/\.[a-z0-9]{1,8}$/i.test(address);
