import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Something a person can mend before the server can start. */
export class CannotStart extends Error {
  override name = "CannotStart";
}

const loopback = new Set(["127.0.0.1", "::1", "localhost"]);

/** What decides from where the server may be reached. */
export interface Reachable {
  host: string;
  /** Where readers reach it; null where that is where it listens. */
  address: string | null;
  /** Whether people sign in for real. */
  signsIn: boolean;
}

/** Refuses to be reached from other machines where whoever reaches it could be whom they like, or could be overheard. */
export function checkReachable({ host, address, signsIn }: Reachable): void {
  if (!signsIn && !loopback.has(host))
    throw new CannotStart(
      `KVV_HOST is "${host}", but without sign-in the monitor serves this machine only; leave it out, or set 127.0.0.1, ::1 or localhost. To serve others, set KVV_OIDC_ISSUER, KVV_OIDC_CLIENT_ID and KVV_ADDRESS, and say in data/access.yaml who is what`,
    );
  if (!signsIn || (address === null && loopback.has(host))) return;
  const { protocol, hostname } = new URL(address ?? "http://nowhere");
  if (protocol === "https:" || loopback.has(hostname.replace(/^\[|\]$/g, ""))) return;
  throw new CannotStart(
    `KVV_ADDRESS is "${address ?? ""}", but who signs in must not be overheard; set the address at which people reach the monitor, beginning with https://`,
  );
}

/** How long, and to how much, the server listens to somebody who asks. */
export interface Patience {
  /** Until the headers of a question are there. */
  headersMs: number;
  /**
   * Until a question is there as a whole, its body too. An upload lasts as long as its bytes come and the pipelines take
   * them, so this is for hours, and only for what nothing else ends: a form sends away who is silent or too slow, other
   * bodies have seconds, and one that nobody reads is cut off after the answer.
   */
  requestMs: number;
  /** Until the next question on a connection. Longer than a proxy keeps it for its own next one: else it may ask where nobody listens any more. */
  keepAliveMs: number;
  /** All headers together, in bytes: a cookie of 4 kB, and as much again from proxies. Their number has no limit of its own, for the engine of Node leaves out the rest without a word. */
  headerBytes: number;
  /** Between two looks for who is too slow. */
  lookMs: number;
}

export const usualPatience: Patience = {
  headersMs: 20_000,
  requestMs: 48 * 3_600_000,
  keepAliveMs: 75_000,
  headerBytes: 16 * 1024,
  lookMs: 5000,
};

/** Listens; throws with the remedy where it cannot. Who is too slow is answered 408. */
export async function listen(
  handler: RequestListener,
  host: string,
  port: number,
  patience: Partial<Patience> = {},
): Promise<Server> {
  if (!Number.isInteger(port) || port > 65_535)
    throw new CannotStart(`PORT is ${port}; a port is a whole number from 0 (a free one) to 65535`);
  const { headersMs, requestMs, keepAliveMs, headerBytes, lookMs } = { ...usualPatience, ...patience };
  const server = createServer(
    {
      ...{ headersTimeout: headersMs, requestTimeout: requestMs, keepAliveTimeout: keepAliveMs },
      ...{ maxHeaderSize: headerBytes, connectionsCheckingInterval: lookMs },
    },
    handler,
  );
  server.maxHeadersCount = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(inWords(error, host, port)));
    server.listen(port, host, resolve);
  });
  return server;
}

/** Where people find it: with the port that it really has. */
export function addressOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

function inWords(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === "EADDRINUSE")
    return new CannotStart(
      `port ${port} is in use; stop what uses it, or choose another: PORT=${port + 1} (PORT=0 takes a free one)`,
    );
  if (error.code === "EACCES")
    return new CannotStart(`not allowed to listen on port ${port}; choose one above 1023, as PORT=3000`);
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND")
    return new CannotStart(`this machine has no address ${host}; set KVV_HOST=127.0.0.1`);
  return error;
}
