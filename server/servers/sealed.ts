import { createHash, timingSafeEqual } from "node:crypto";
import type { NextFunction, Request, Response } from "express";
import { Problem } from "../problem.ts";

/** Before what servers ask each other: 403 unless it came encrypted, through a proxy on this machine that says so, or from this machine itself. */
export function checkSealed(request: Request, _response: Response, next: NextFunction): void {
  const near = /^(::ffff:)?127\.|^::1$/.test(request.socket.remoteAddress ?? "");
  const handedOn = ["forwarded", "x-forwarded-for", "x-forwarded-proto", "via"].some(
    (name) => request.headers[name] !== undefined,
  );
  if (near && (!handedOn || request.secure)) return next();
  throw new Problem(
    403,
    "servers ask each other by https only: through a proxy on this machine that sets X-Forwarded-Proto",
    { code: "not-sealed" },
  );
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Whether two secrets are the same; how long that takes tells nothing of either. */
export const isSame = (given: string, wanted: string): boolean => timingSafeEqual(digest(given), digest(wanted));
