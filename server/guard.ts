import type { NextFunction, Request, Response } from "express";
import helmet from "helmet";
import { Problem, shown } from "./problem.ts";

/** Hosts that mean this machine, without the port. */
const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** A page elsewhere whose name was made to point here must not read the answers: only requests to this machine by its own names are answered. */
export function checkHost(request: Request, _response: Response, next: NextFunction): void {
  const host = request.headers.host ?? "";
  const name = /^(\[[0-9a-f:]+\]|[^:]*)(?::\d+)?$/i.exec(host)?.[1]?.toLowerCase();
  if (name === undefined || !loopback.has(name))
    throw new Problem(421, `this server answers to localhost, 127.0.0.1 and [::1] only, not to ${shown(host)}`, {
      code: "misdirected",
    });
  next();
}

/** Strict headers. Pages take scripts, styles and fonts from here and nothing from elsewhere; in development the policy is left out, for the tools put scripts into pages. */
export function secureHeaders(dev: boolean) {
  return helmet({
    contentSecurityPolicy: dev
      ? false
      : {
          useDefaults: false,
          directives: {
            defaultSrc: ["'none'"],
            scriptSrc: ["'self'"],
            styleSrc: ["'self'"],
            imgSrc: ["'self'", "data:"],
            fontSrc: ["'self'"],
            connectSrc: ["'self'"],
            baseUri: ["'none'"],
            formAction: ["'self'"],
            frameAncestors: ["'none'"],
          },
        },
    // Plain HTTP on this machine.
    strictTransportSecurity: false,
    referrerPolicy: { policy: "no-referrer" },
    xFrameOptions: { action: "deny" },
  });
}
