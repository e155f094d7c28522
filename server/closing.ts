import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";

/** Ends a server without cutting off who is being answered. */
export class Closing {
  private readonly answering = new Set<ServerResponse>();
  private closing = false;

  /** Passes requests on; once the server closes, those that still come are turned away. */
  watch(handle: RequestListener): RequestListener {
    return (request: IncomingMessage, response: ServerResponse) => {
      if (this.closing) return turnAway(response);
      this.answering.add(response);
      response.once("close", () => this.answering.delete(response));
      handle(request, response);
    };
  }

  /** How many are being answered now. */
  get underWay(): number {
    return this.answering.size;
  }

  /** Listens no more, waits so many milliseconds for answers under way, and closes every connection. Returns how many were cut off. */
  async close(server: Server, patienceMs: number): Promise<number> {
    this.closing = true;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const response of this.answering) closeAfter(response);
    server.closeIdleConnections();
    let cutOff = 0;
    const impatient = setTimeout(() => {
      cutOff = this.answering.size;
      server.closeAllConnections();
    }, patienceMs);
    await closed;
    clearTimeout(impatient);
    return cutOff;
  }
}

/** An answer that has begun has promised its reader to keep the connection: it is closed when all is sent. */
function closeAfter(response: ServerResponse): void {
  const { socket } = response;
  if (!response.headersSent) response.setHeader("Connection", "close");
  else response.once("finish", () => socket?.destroySoon());
}

function turnAway(response: ServerResponse): void {
  response
    .writeHead(503, { "Content-Type": "text/plain; charset=utf-8", Connection: "close", "Retry-After": "5" })
    .end("the monitor is stopping\n");
}
