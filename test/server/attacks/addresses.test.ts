import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readSchedule } from "../../../pipelines/schedule-file.ts";
import { addressRule, resolveName, type Resolve } from "../../../pipelines/sources/addresses.ts";
import { openHttp, redirected } from "../../../pipelines/sources/http.ts";
import { postNotice } from "../../../pipelines/notify/webhook.ts";
import { makeHome } from "../../support/home.ts";

/**
 * A feed's address stands in a file that Control keeps, so an address within the force is right where its network is
 * allowed. What answers there is not trusted: it leads nowhere else, and is bounded in bytes and in time.
 */

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;
let server: http.Server;
let inside: http.Server;
let handler: Handler = (_, response) => void response.end();
const seen: string[] = [];
const portOf = (each: http.Server) => (each.address() as AddressInfo).port;
const home = makeHome();
beforeAll(async () => {
  server = http.createServer((request, response) => handler(request, response));
  // What nobody outside may reach.
  inside = http.createServer((request, response) => {
    seen.push(JSON.stringify([request.method, request.url, request.headers]));
    response.end("secret");
  });
  for (const each of [server, inside]) await new Promise<void>((resolve) => each.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  expect(seen.splice(0)).toEqual([]);
});
afterAll(async () => {
  for (const each of [server, inside]) {
    each.closeAllConnections();
    each.close();
  }
  await home.remove();
});

/** Public but for the one address at which the source of the tests stands. */
const source: Resolve = async (host) =>
  host === "source.example" ? [{ address: "127.0.0.1", family: 4 }] : resolveName(host);
const network = { rule: addressRule("127.0.0.1/32"), resolve: source, connectMs: 1000, totalMs: 1000 };
const options = { network, maxBytes: 1_000_000, env: { TOKEN: "geheim" } };
const open = () =>
  openHttp(
    { url: `http://source.example:${portOf(server)}/k.csv`, headers: { Authorization: "$TOKEN" } },
    null,
    options,
  );
const failure = (work: Promise<unknown>) =>
  work.then(
    () => "it worked",
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe("openHttp(source, before, options) where the source leads elsewhere", () => {
  it.each([
    () => `http://127.0.0.1:${portOf(inside)}/`,
    () => `http://localhost:${portOf(inside)}/`,
    () => `//127.0.0.1:${portOf(inside)}/`,
    () => `http://2130706433:${portOf(inside)}/`,
    () => `http://0x7f000001:${portOf(inside)}/`,
    () => `http://0177.0.0.1:${portOf(inside)}/`,
    () => `http://[::ffff:127.0.0.1]:${portOf(inside)}/`,
    () => `http://source.example:${portOf(inside)}/`,
    () => `https://source.example:${portOf(inside)}/`,
    () => `http://source.example@127.0.0.1:${portOf(inside)}/`,
    () => `http://x:y@source.example:${portOf(server)}/`,
    () => `http://source.example.:${portOf(inside)}/`,
    () => "http://169.254.169.254/latest/meta-data/",
    () => "http://[fd00:ec2::254]/",
    () => "http://metadata.google.internal/",
    () => "file:///etc/passwd",
    () => "gopher://127.0.0.1:25/_HELO",
    () => "ftp://127.0.0.1/",
    () => "data:text/csv,a;b",
    () => "javascript:alert(1)",
    () => "http://",
    () => "http:///",
  ])("does not follow %s", async (to) => {
    let asked = 0;
    handler = (_, response) => {
      asked += 1;
      response.writeHead(302, { location: to() }).end();
    };
    expect(await failure(open())).toMatch(/^SourceFailure: .*(another host|not secure|leads to no address)/);
    expect(asked).toBe(1);
  });

  it("takes http and https of a host for one server at their usual ports only", () => {
    const to = (from: string, location: string) => redirected(new URL(from), location).href;
    expect(to("http://source.example/a", "https://source.example/b")).toBe("https://source.example/b");
    expect(() => to("http://source.example/a", "https://source.example:8443/b")).toThrow("another host");
    expect(() => to("http://source.example:8080/a", "https://source.example/b")).toThrow("another host");
  });

  it("asks the name anew at each step, and follows none that has come to lie within", async () => {
    let looks = 0;
    const resolve: Resolve = async () => [{ address: looks++ === 0 ? "127.0.0.1" : "127.0.0.2", family: 4 }];
    handler = (_, response) => void response.writeHead(302, { location: "/next" }).end();
    const asked = openHttp({ url: `http://source.example:${portOf(server)}/`, headers: {} }, null, {
      ...options,
      network: { ...network, resolve },
    });
    expect(await failure(asked)).toContain("KVV_ALLOW_PRIVATE_SOURCES");
    expect(looks).toBe(2);
  });
});

describe("openHttp(source, before, options) where the answer has no end", () => {
  /** A source that speaks no HTTP of a library. */
  async function raw(talk: (socket: net.Socket) => void, work: (port: number) => Promise<void>): Promise<void> {
    const sockets = new Set<net.Socket>();
    const speaking = net.createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("data", () => talk(socket));
    });
    await new Promise<void>((resolve) => speaking.listen(0, "127.0.0.1", resolve));
    await work((speaking.address() as AddressInfo).port);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => speaking.close(resolve));
  }
  const ask = (port: number) => openHttp({ url: `http://source.example:${port}/`, headers: {} }, null, options);
  const again = (socket: net.Socket, piece: string, ms = 20) => {
    const timer = setInterval(() => socket.write(piece), ms);
    socket.once("close", () => clearInterval(timer));
  };

  it.each<[string, (socket: net.Socket) => void]>([
    ["headers that dribble", (socket) => (socket.write("HTTP/1.1 200 OK\r\n"), again(socket, "X-A: b\r\n"))],
    ["headers without end", (socket) => void socket.write("HTTP/1.1 200 OK\r\n" + "X-A: b\r\n".repeat(50_000))],
    ["promises of an answer without end", (socket) => again(socket, "HTTP/1.1 100 Continue\r\n\r\n")],
    ["hints without end", (socket) => again(socket, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")],
    ["no HTTP at all", (socket) => void socket.write("220 mail.example ESMTP\r\n")],
    ["a line without end", (socket) => void socket.write("HTTP/1.1 200 " + "x".repeat(500_000))],
    [
      "two lengths",
      (socket) => void socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
    ],
    [
      "another protocol",
      (socket) => void socket.write("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
    ],
  ])("gives up at %s, in time", async (_, talk) => {
    await raw(talk, async (port) => {
      const started = performance.now();
      expect(await failure(ask(port))).toMatch(/^SourceFailure: source\.example/);
      expect(performance.now() - started).toBeLessThan(3000);
    });
  });

  it.each<[string, (socket: net.Socket) => void]>([
    [
      "pieces without end",
      (socket) => {
        socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        const timer = setInterval(() => socket.write(`40000\r\n${"x".repeat(0x40000)}\r\n`), 5);
        socket.once("close", () => clearInterval(timer));
      },
    ],
    [
      "bytes until the connection ends",
      (socket) => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        again(socket, "x".repeat(0x40000), 5);
      },
    ],
  ])("stops taking %s at the largest size", async (_, talk) => {
    await raw(talk, async (port) => {
      const fetched = await ask(port);
      if (fetched.unchanged) throw new Error("unchanged");
      expect(await failure(text(fetched.source.open()))).toContain("KVV_MAX_FILE_MB");
    });
  });

  it("waits no longer for a body that nobody has begun to read", async () => {
    handler = (_, response) => void response.writeHead(200).write("a");
    const fetched = await open();
    if (fetched.unchanged) throw new Error("unchanged");
    await sleep(1200);
    expect(await failure(text(fetched.source.open()))).toMatch(/^SourceFailure: .*within 1 s/);
  });
});

describe("postNotice(address, notice, page, outside)", () => {
  it("follows nothing and tells nothing to an address that it may not reach", async () => {
    const notice = {
      ...{ feed: "complaints", title_nl: "Klachten", title_en: "Complaints", state: "overdue" as const },
      ...{ since: null, reason: null, file: null },
    };
    const patience = { sleep: async () => undefined, random: () => 0.5 };
    const post = (address: string, rule = network.rule) =>
      failure(postNotice(address, notice as never, "http://x", { network: { ...network, rule }, patience }));
    handler = (_, response) => void response.writeHead(307, { location: `http://127.0.0.1:${portOf(inside)}/` }).end();
    expect(await post(`http://source.example:${portOf(server)}/`)).toContain("answers with status 307");
    expect(await post(`http://127.0.0.1:${portOf(inside)}/`, addressRule(""))).toContain("KVV_ALLOW_PRIVATE_SOURCES");
  });
});

describe("readSchedule(file, known)", () => {
  it.each([
    ["file:///etc/passwd", "begins with https:// or http://, not with file:"],
    ["gopher://127.0.0.1:25/_x", "not with gopher:"],
    ["ftp://source.example/k.csv", "not with ftp:"],
    ["data:text/csv,a", "not with data:"],
    ["javascript:alert(1)", "not with javascript:"],
    ["https://user:secret@source.example/", "leave user and password out"],
    ["https://user@source.example/", "leave user and password out"],
    ["/etc/passwd", "write an address"],
    ["//source.example/k.csv", "write an address"],
  ])("takes no source at %s", (url, words) => {
    const job = `jobs:\n  - feed: complaints\n    cron: "0 6 * * *"\n    source: { url: ${JSON.stringify(url)} }\n`;
    const file = home.write("schedule.yaml", job);
    const { jobs, faults } = readSchedule(file, { contracts: home.contracts, config: path.dirname(file) });
    expect(jobs).toEqual([]);
    expect(faults.map(({ message }) => message).join()).toContain(words);
    expect(faults.map(({ message }) => message).join()).not.toContain("secret");
  });
});
