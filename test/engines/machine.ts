import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import { createServer } from "node:https";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";

/** A port that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** An engine's own folder, which goes with it. */
export function ownFolder(name: string): { folder: string; remove(): void } {
  const folder = mkdtempSync(path.join(os.tmpdir(), `kvv-${name}-`));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Tries until it works, for so many seconds. */
export async function until<T>(work: () => Promise<T>, seconds = 30): Promise<T> {
  for (const end = Date.now() + seconds * 1000; ; await new Promise((resolve) => setTimeout(resolve, 100)))
    try {
      return await work();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
}

/** Ends a process, and waits until it has. */
export function ended(child: ChildProcess, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill(signal);
  });
}

export const started = (command: string, args: string[], options: { uid?: number; gid?: number; cwd?: string } = {}) =>
  spawn(command, args, { stdio: "ignore", ...options });

/** Certificates in a folder: of an authority, and of this machine, one that holds and one that has expired. */
export function makeCertificates(folder: string): { ca: string; key: string; valid: string; expired: string } {
  const at = (name: string) => path.join(folder, name);
  const openssl = (...args: string[]) => void execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  const [ca, caKey, key, request] = [at("ca.pem"), at("ca.key"), at("server.key"), at("server.csr")];
  const fresh = ["-newkey", "rsa:2048", "-nodes"];
  openssl("req", "-x509", ...fresh, "-keyout", caKey, "-out", ca, "-days", "2", "-subj", "/CN=test");
  openssl("req", ...fresh, "-keyout", key, "-out", request, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"); // prettier-ignore
  const sign = (name: string, days: string) => {
    openssl("x509", "-req", "-in", request, "-CA", ca, "-CAkey", caKey, "-CAcreateserial", "-copy_extensions", "copy", "-days", days, "-out", at(name)); // prettier-ignore
    return at(name);
  };
  return { ca, key, valid: sign("server.pem", "2"), expired: sign("expired.pem", "-1") };
}

/** A way over TLS to a port of this machine that speaks HTTP, with this key and certificate. */
export async function secured(to: number, key: string, certificate: string): Promise<{ port: number; close(): void }> {
  const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) => {
    const { method, headers, url } = request;
    const onward = http.request({ port: to, host: "127.0.0.1", method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A way to a port of this machine that counts what comes back through it, and keeps it as text if asked to; it breaks off after so many bytes. */
export async function listened(
  to: number,
  isKept = true,
  most = Infinity,
): Promise<{ port: number; bytes(): number; text(): string; close(): void }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const server = net.createServer((near) => {
    const far = net.connect(to, "127.0.0.1");
    far.on("data", (chunk) => {
      bytes += chunk.length;
      if (isKept) chunks.push(chunk);
      if (bytes > most) near.destroy();
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    bytes: () => bytes,
    text: () => Buffer.concat(chunks).toString("latin1"),
    close: () => server.close(),
  };
}
