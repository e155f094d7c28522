import { randomUUID } from "node:crypto";
import type { NextFunction, Request, Response } from "express";
import type { Logger } from "pino";
import { methodOf, routeOf } from "./route-of.ts";

/** The status of an answer whose asker was gone before it. */
export const gone = 499;

/**
 * Logs each request when it is over: which route, how it ended, how long it took, how much was sent, and the error where
 * it failed by a fault of ours. Not who asked, what they chose or wrote, nor what they got. The answer names the line in
 * `X-Request-Id`.
 */
export const requestLog =
  (log: Pick<Logger, "info" | "error">) =>
  (request: Request, response: Response, next: NextFunction): void => {
    const started = performance.now();
    // Many follow a request to its end.
    response.setMaxListeners(20);
    const id = randomUUID();
    const { socket } = request;
    const sentBefore = socket.bytesWritten;
    response.setHeader("X-Request-Id", id);
    response.once("close", () => {
      const { failure } = response.locals as { failure?: unknown };
      const line = {
        ...{ id, method: methodOf(request), route: routeOf(request, response) },
        status: response.writableFinished ? response.statusCode : gone,
        ms: Math.round((performance.now() - started) * 10) / 10,
        bytes: socket.bytesWritten - sentBefore,
      };
      if (failure === undefined) log.info(line, "request");
      else log.error({ ...line, err: failure }, "request failed");
    });
    next();
  };
