import http from "node:http";
import https from "node:https";
import net from "node:net";
import { Refusal, SourceFailure } from "../problem.ts";
import { guardedLookup, refuseAddress, type AddressRule, type Resolve } from "./addresses.ts";

/** How the outside world is reached; tests choose their own. */
export interface Network {
  rule: AddressRule;
  resolve: Resolve;
  connectMs: number;
  /** From the request to the last byte. */
  totalMs: number;
  /** Ends all that is asked. */
  signal?: AbortSignal;
}

/** A request to an address. */
export interface Asked {
  method: "GET" | "POST";
  url: URL;
  headers: Record<string, string>;
  body?: string;
}

/** An answer whose body has yet to be read; `cut` ends it. */
export interface Answered {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: http.IncomingMessage;
  cut(reason: Error): void;
}

/** Asks once, and checks the address that is really connected to. Trouble on the way is a `SourceFailure`, also while the body is read. */
export function ask(asked: Asked, network: Network): Promise<Answered> {
  const { url } = asked;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  // A name is checked when it is looked up; a bare address is never looked up.
  if (net.isIP(host) && !network.rule.allows(host)) return Promise.reject(refuseAddress(host));
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? https : http).request(url, {
      method: asked.method,
      headers: { "User-Agent": "kvv-monitor", Accept: "*/*", "Accept-Encoding": "identity", ...asked.headers },
      lookup: guardedLookup(network.rule, network.resolve),
      agent: false,
      ...(network.signal ? { signal: network.signal } : {}),
    });
    const fail = (what: string) => request.destroy(new SourceFailure(`${url.host} ${what}`));
    const seconds = (ms: number) => Math.round(ms / 100) / 10;
    const connecting = setTimeout(
      () => fail(`did not take the connection within ${seconds(network.connectMs)} s`),
      network.connectMs,
    );
    let answer: http.IncomingMessage | undefined;
    const total = setTimeout(() => {
      const late = new SourceFailure(`${url.host} was not done within ${seconds(network.totalMs)} s`);
      (answer ?? request).destroy(late);
    }, network.totalMs);
    request.on("socket", (socket) => {
      socket.once("connect", () => {
        const address = socket.remoteAddress;
        if (address !== undefined && !network.rule.allows(address)) request.destroy(refuseAddress(host));
      });
      socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => clearTimeout(connecting));
    });
    request.on("close", () => {
      clearTimeout(connecting);
      if (answer) return;
      clearTimeout(total);
      // It may close without an error, as after an answer that would go on in another protocol.
      reject(new SourceFailure(`${url.host} broke the connection off`));
    });
    request.on("error", (error) => reject(inWords(error, url.host)));
    request.on("response", (body) => {
      answer = body;
      body.on("close", () => clearTimeout(total));
      resolve({
        status: body.statusCode ?? 0,
        headers: body.headers,
        body,
        cut: (reason) => body.destroy(reason),
      });
    });
    request.end(asked.body);
  });
}

const words: Record<string, string> = {
  ENOTFOUND: "has no address: is the name right?",
  EAI_AGAIN: "has no address now: the name server does not answer",
  ECONNREFUSED: "refuses the connection: does it run?",
  ECONNRESET: "broke the connection off",
  EPIPE: "broke the connection off",
  EHOSTUNREACH: "cannot be reached",
  ENETUNREACH: "cannot be reached",
  ETIMEDOUT: "does not answer",
  CERT_HAS_EXPIRED: "has a certificate that has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "has a certificate that nobody known has signed",
  SELF_SIGNED_CERT_IN_CHAIN: "has a certificate that nobody known has signed",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "has a certificate that nobody known has signed",
  ERR_TLS_CERT_ALTNAME_INVALID: "has a certificate of another name",
};

/** An error of the network for a person; the certificate of a source will not be right a second later. */
export function inWords(error: Error, host: string): Error {
  if (error instanceof Refusal || error instanceof SourceFailure) return error;
  const first =
    error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException) : (error as NodeJS.ErrnoException);
  const code = first.code ?? "";
  const text = `${host} ${words[code] ?? `does not answer as it should (${code || "unknown"})`}`;
  return new SourceFailure(text, { again: !/CERT|SELF_SIGNED|LEAF_SIGNATURE/.test(code) });
}
