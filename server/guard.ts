import type { NextFunction, Request, Response } from "express";
import helmet from "helmet";
import { Problem, shown } from "./problem.ts";

/** Hosts that mean this machine, without the port. */
const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** A page elsewhere whose name was made to point here must not read the answers: only requests by its own names, and by that of its address, are answered. */
export function checkHost(address: string | undefined) {
  const own = address === undefined ? null : new URL(address).hostname;
  return (request: Request, _response: Response, next: NextFunction): void => {
    const host = request.headers.host ?? "";
    const name = /^(\[[0-9a-f:]+\]|[^:]*)(?::\d+)?$/i.exec(host)?.[1]?.toLowerCase();
    if (name === undefined || !(loopback.has(name) || name === own)) {
      const names = ["localhost", "127.0.0.1", "[::1]", ...(own ? [own] : [])].join(", ");
      throw new Problem(421, `this server answers to ${names} only, not to ${shown(host)}`, { code: "misdirected" });
    }
    next();
  };
}

/** For programs on this machine only: what a proxy hands on comes from elsewhere. */
export function checkNear(request: Request, _response: Response, next: NextFunction): void {
  const near = /^(::ffff:)?127\.|^::1$/.test(request.socket.remoteAddress ?? "");
  const handedOn = ["forwarded", "x-forwarded-for", "via"].some((name) => request.headers[name] !== undefined);
  if (!near || handedOn) throw new Problem(404, `nothing at ${shown(request.path)}`);
  next();
}

/** A page elsewhere must not write here in the name of whoever sits at this machine: what a browser sends from another origin is refused. What is no browser says nothing of origins. */
export function checkOrigin(request: Request): void {
  const { origin, host } = request.headers;
  const site = request.headers["sec-fetch-site"];
  // A form of a page that tells nobody where it is comes from "null"; the browser says beside it whether that is here.
  const hidden = origin === "null" && site === "same-origin";
  const own = origin === undefined || origin === `http://${host}` || origin === `https://${host}` || hidden;
  if (own && (site === undefined || site === "same-origin" || site === "none")) return;
  throw new Problem(403, `a page of ${origin === undefined ? "elsewhere" : shown(origin)} may not write here`, {
    code: "other-origin",
  });
}

/** Refuses a body that is packed: what it unpacks to would be anybody's guess. */
export function checkCoding(request: Request): void {
  const coding = request.headers["content-encoding"] ?? "identity";
  if (coding.trim().toLowerCase() === "identity") return;
  throw new Problem(415, `the body is packed (${shown(coding)}); send it without Content-Encoding`, {
    headers: { "Accept-Encoding": "identity" },
  });
}

/** Refuses a body of another type than the route takes; a request without a body may leave it out. */
export function checkContentType(request: Request, wanted: string): void {
  checkCoding(request);
  const given = request.headers["content-type"];
  const empty =
    request.headers["transfer-encoding"] === undefined && Number(request.headers["content-length"] ?? 0) === 0;
  if (given === undefined && empty && wanted === "application/json") return;
  const type = given?.split(";")[0]!.trim().toLowerCase();
  const whole = wanted !== "multipart/form-data" || /;\s*boundary=("[^"]+"|[^\s";]+)/i.test(given ?? "");
  if (type === wanted && whole) return;
  throw new Problem(
    415,
    `this address takes ${wanted}${type === wanted ? " with a boundary" : ""}, not ${shown(given ?? "nothing named")}`,
  );
}

/** Strict headers. Pages take scripts, styles and fonts from here and nothing from elsewhere; in development the policy is left out, for the tools put scripts into pages. */
export function secureHeaders(
  dev: boolean,
  { secure = false, provider }: { secure?: boolean; provider?: string } = {},
) {
  return helmet({
    contentSecurityPolicy: dev
      ? false
      : {
          useDefaults: false,
          directives: {
            defaultSrc: ["'none'"],
            scriptSrc: ["'self'"],
            styleSrc: ["'self'"],
            // Sizes and places that a page which the server made gives its parts; a style can run nothing.
            styleSrcAttr: ["'unsafe-inline'"],
            imgSrc: ["'self'", "data:"],
            fontSrc: ["'self'"],
            connectSrc: ["'self'"],
            baseUri: ["'none'"],
            // Signing out leads on to the provider.
            formAction: ["'self'", ...(provider ? [new URL(provider).origin] : [])],
            frameAncestors: ["'none'"],
          },
        },
    // Not for plain HTTP on this machine.
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: "no-referrer" },
    xFrameOptions: { action: "deny" },
  });
}
