import { EventEmitter, once } from "node:events";
import type { RequestHandler } from "express";

/** What nobody waits for waits no longer than this for those who do, in milliseconds. */
const mostMs = 100;

/** Knows whether a reader waits for an answer, so that what is made ahead is made in between. */
export class Readers {
  private waiting = 0;
  private readonly gone = new EventEmitter();

  /** `isOwn` tells the server's own questions. */
  count(isOwn: (request: Parameters<RequestHandler>[0]) => boolean): RequestHandler {
    return (request, response, next) => {
      if (request.method === "GET" && !isOwn(request)) {
        this.waiting += 1;
        response.once("close", () => {
          this.waiting -= 1;
          if (this.waiting === 0) this.gone.emit("none");
        });
      }
      next();
    };
  }

  /** Resolves when no reader waits, or after a while. */
  async pause(): Promise<void> {
    if (this.waiting === 0) return;
    await once(this.gone, "none", { signal: AbortSignal.timeout(mostMs) }).catch(() => undefined);
  }
}
