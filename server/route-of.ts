import type { Request, RequestHandler, Response } from "express";
import { rightOfPage } from "./access.ts";

/** Before a route: says which it is, since a failed request is handled where that is no longer known. */
export const named =
  (route: string): RequestHandler =>
  (_request, response, next) => {
    response.locals.route = route;
    next();
  };

/** Patterns that are not those of a page or a route of the API. */
const others = new Set([
  "/healthz",
  "/readyz",
  "/metrics",
  "/sign-in",
  "/sign-in/callback",
  "/sign-out",
  "/signed-out",
]);

/**
 * What was asked for, by names of our own: `/api/v1/reviews/:unit/:half`, `/unit/*` for a page, `/assets/*`. Never the address
 * itself: what a reader chose is nobody's business in a log, and what they make up must not fill the memory.
 */
export function routeOf(request: Request, response: Response): string {
  const { route } = response.locals as { route?: string };
  if (route) return route;
  const path = request.originalUrl.split("?")[0]!;
  if (others.has(path)) return path;
  const first = path.split("/")[1]!;
  if (["assets", "drawings", "published", "servers"].includes(first)) return `/${first}/*`;
  return response.statusCode === 404 ? "other" : pageOf(path);
}

/** The page at an address: `/`, `/unit/*`; `other` where there is none. */
export function pageOf(address: string): string {
  const first = address.split(/[/?#]/)[1] ?? "";
  if (!Object.hasOwn(rightOfPage, first)) return "other";
  return first === "" ? "/" : `/${first}/*`;
}

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Only names of our own, for the same reason. */
export const methodOf = ({ method }: Pick<Request, "method">): string => (methods.has(method) ? method : "other");
