import express, { type RequestHandler, type Router } from "express";

/** Routers by the paths that they are for: a name is found at once, however many there are; patterns are tried in turn. */
export class Paths {
  private readonly named = new Map<string, Router>();
  private readonly patterns = newRouter();

  /** Where the handlers of a path are mounted. */
  of(path: string): Router {
    if (path.includes(":")) return this.patterns;
    const known = this.named.get(path) ?? newRouter();
    this.named.set(path, known);
    return known;
  }

  readonly handle = Object.assign(
    ((request, response, next) =>
      (this.named.get(request.path) ?? this.patterns)(request, response, next)) satisfies RequestHandler,
    /** All there are, for whoever asks what is served. */
    { routers: () => [...this.named.values(), this.patterns] },
  );
}

const newRouter = (): Router => express.Router({ caseSensitive: true, strict: true });
