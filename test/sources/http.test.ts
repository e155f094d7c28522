import http from "node:http";
import type { AddressInfo } from "node:net";
import net from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SourceFailure } from "../../pipelines/problem.ts";
import { addressRule, resolveName, type Resolve } from "../../pipelines/sources/addresses.ts";
import { openHttp, redirected, type Fetched } from "../../pipelines/sources/http.ts";
import { withRetries } from "../../pipelines/sources/retry.ts";

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

let server: http.Server;
let origin: string;
let handler: Handler;
const seen: http.IncomingMessage[] = [];
beforeAll(async () => {
  server = http.createServer((request, response) => {
    seen.push(request);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => void seen.splice(0));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const network = { rule: addressRule("127.0.0.0/8"), resolve: resolveName, connectMs: 500, totalMs: 600 };
const options = { network, maxBytes: 1000, env: { TOKEN: "geheim-1", KEY: "geheim-2" } };
const open = (path: string, before: Parameters<typeof openHttp>[1] = null, headers: Record<string, string> = {}) =>
  openHttp({ url: path.startsWith("http") ? path : origin + path, headers }, before, options);
const read = async (fetched: Fetched) => {
  if (fetched.unchanged) throw new Error("unchanged");
  return text(fetched.source.open());
};
const failure = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => new Error("it worked"),
    (error: Error) => error,
  );
  return error as SourceFailure;
};

describe("openHttp(source, before, options)", () => {
  it("gives the file as it comes, with its name, size and what the source says of it", async () => {
    handler = (_, response) =>
      response
        .setHeader("ETag", '"v1"')
        .setHeader("Last-Modified", "Mon, 03 Jul 2017 08:00:00 GMT")
        .setHeader("Content-Length", 3)
        .end("a;b");
    const fetched = await open("/export/klachten%202017.csv?key=geheim", null, {
      Authorization: "Bearer $TOKEN",
      "X-Key": "$KEY",
    });
    expect(fetched).toMatchObject({
      unchanged: false,
      source: { name: "klachten 2017.csv", size: 3, path: null },
      validators: { etag: '"v1"', last_modified: "Mon, 03 Jul 2017 08:00:00 GMT" },
    });
    expect(await read(fetched)).toBe("a;b");
    expect(seen[0]!.headers).toMatchObject({
      authorization: "Bearer geheim-1",
      "x-key": "geheim-2",
      "accept-encoding": "identity",
    });
  });

  it("takes the name that the source gives, without its folders", async () => {
    handler = (_, response) =>
      response.setHeader("Content-Disposition", 'attachment; filename="../../etc/k.csv"').end("a");
    expect(await open("/")).toMatchObject({ source: { name: "k.csv" } });
  });

  it("asks whether the file is still the one that was loaded", async () => {
    handler = (_, response) => response.writeHead(304).end();
    const before = { etag: '"v1"', last_modified: "Mon, 03 Jul 2017 08:00:00 GMT" };
    expect(await open("/k.csv", before)).toEqual({ unchanged: true });
    expect(seen[0]!.headers).toMatchObject({ "if-none-match": '"v1"', "if-modified-since": before.last_modified });
  });

  it.each([
    [404, {}, "has no such file (404)", false, null],
    [401, {}, "does not know the monitor (401)", false, null],
    [500, {}, "answers with status 500", true, null],
    [408, {}, "answers with status 408", true, null],
    [429, { "retry-after": "7" }, "is asked too often (429)", true, 7000],
    [503, { "retry-after": "Mon, 03 Jul 2017 08:00:00 GMT" }, "answers with status 503", true, 0],
    [304, {}, "answers with status 304", false, null],
    [206, {}, "answers with status 206", false, null],
  ])("says what status %i means, and whether to try again", async (status, headers, words, again, wait) => {
    handler = (_, response) => response.writeHead(status, headers).end();
    const error = await failure(open("/k.csv"));
    expect(error).toBeInstanceOf(SourceFailure);
    expect(error).toMatchObject({ message: expect.stringContaining(words), again, after: wait });
  });

  it("follows a redirect on the same host, with its headers", async () => {
    handler = (request, response) =>
      request.url === "/a" ? response.writeHead(302, { location: "/b" }).end() : response.end("there");
    expect(await read(await open("/a", null, { Authorization: "$TOKEN" }))).toBe("there");
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(["geheim-1", "geheim-1"]);
  });

  it.each([
    ["http://example.org/k.csv", "leads to another host, example.org"],
    ["http://127.0.0.1:1/k.csv", "leads to another host, 127.0.0.1:1"],
    ["http://localhost/k.csv", "leads to another host"],
    ["file:///etc/passwd", "which is not secure"],
    ["/again", "without end"],
  ])("does not follow one to %s", async (location, words) => {
    handler = (_, response) => response.writeHead(302, { location }).end();
    expect(await failure(open("/again"))).toMatchObject({ message: expect.stringContaining(words), again: false });
  });

  it("stops at the largest size, by the length that is said and by the bytes that come", async () => {
    handler = (_, response) => response.writeHead(200, { "content-length": 5000 }).end(Buffer.alloc(5000));
    expect((await failure(open("/k.csv"))).message).toContain("KVV_MAX_FILE_MB");
    handler = (_, response) => {
      response.write(Buffer.alloc(900));
      setTimeout(() => response.end(Buffer.alloc(900)), 20);
    };
    const fetched = await open("/k.csv");
    expect((await failure(read(fetched))).message).toContain("KVV_MAX_FILE_MB");
  });

  it("says when a source breaks off in the midst of the file", async () => {
    handler = (_, response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write("half of it");
      setTimeout(() => response.destroy(), 20);
    };
    const error = await failure(read(await open("/k.csv")));
    expect(error).toBeInstanceOf(SourceFailure);
    expect(error).toMatchObject({ again: true, message: expect.stringContaining("broke the connection off") });
  });

  it("does not wait for ever: for an answer, nor for the last byte", async () => {
    handler = () => undefined;
    expect(await failure(open("/k.csv"))).toMatchObject({
      again: true,
      message: expect.stringContaining("within 0.6 s"),
    });
    let drip: NodeJS.Timeout | undefined;
    handler = (_, response) => {
      drip = setInterval(() => response.write("a"), 50);
      response.on("close", () => clearInterval(drip));
    };
    const error = await failure(read(await open("/k.csv")));
    expect(error).toMatchObject({
      name: "SourceFailure",
      again: true,
      message: expect.stringContaining("within 0.6 s"),
    });
  });

  it("does not wait for ever for a connection", async () => {
    const deaf = net.createServer();
    await new Promise<void>((resolve) => deaf.listen(0, "127.0.0.1", resolve));
    const url = `https://127.0.0.1:${(deaf.address() as AddressInfo).port}/k.csv`;
    expect((await failure(open(url))).message).toContain("did not take the connection within 0.5 s");
    deaf.close();
    const gone = await failure(open(url));
    expect(gone).toMatchObject({ again: true, message: expect.stringContaining("refuses the connection") });
  });

  it("names the environment variable that is not set, and no value of one that is", async () => {
    expect((await failure(open("/k.csv", null, { Authorization: "Bearer $NONE" }))).message).toContain(
      "variable NONE is not set",
    );
    handler = (_, response) => response.writeHead(403).end("geheim-1");
    expect((await failure(open("/k.csv?key=geheim-3", null, { Authorization: "$TOKEN" }))).message).not.toContain(
      "geheim",
    );
  });

  describe("private addresses", () => {
    const closed = (resolve: Resolve) => ({ ...options, network: { ...network, rule: addressRule(""), resolve } });
    const port = () => new URL(origin).port;

    it.each(["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0177.0.0.1", "169.254.169.254"])(
      "are not asked where they stand as %s",
      async (host) => {
        handler = (_, response) => response.end("secret");
        const asked = openHttp({ url: `http://${host}:${port()}/`, headers: {} }, null, closed(resolveName));
        expect((await failure(asked)).message).toContain("KVV_ALLOW_PRIVATE_SOURCES");
        expect(seen).toEqual([]);
      },
    );

    it("are not asked behind a name, also one that changes its answer after the first look", async () => {
      let looks = 0;
      const rebinding: Resolve = async () => [{ address: looks++ === 0 ? "127.0.0.1" : "1.1.1.1", family: 4 }];
      const asked = openHttp({ url: `http://rebind.example:${port()}/`, headers: {} }, null, closed(rebinding));
      expect((await failure(asked)).message).toContain("KVV_ALLOW_PRIVATE_SOURCES");
      expect(looks).toBe(1);
      expect(seen).toEqual([]);
    });

    it("are asked where the setting names their network", async () => {
      handler = (_, response) => response.end("inside");
      const resolve: Resolve = async () => [{ address: "127.0.0.1", family: 4 }];
      const fetched = await openHttp({ url: `http://inside.example:${port()}/`, headers: {} }, null, {
        ...options,
        network: { ...network, resolve },
      });
      expect(await read(fetched)).toBe("inside");
    });
  });
});

describe("redirected(from, location)", () => {
  const to = (from: string, location: string) => redirected(new URL(from), location).href;

  it("may become secure, and never the reverse", () => {
    expect(to("http://example.org/a", "https://example.org/b")).toBe("https://example.org/b");
    expect(to("https://example.org/a/b", "../c?d=1")).toBe("https://example.org/c?d=1");
    expect(() => to("https://example.org/a", "http://example.org/a")).toThrow("which is not secure");
  });

  it.each([
    "https://www.example.org/a",
    "//evil.org/a",
    "https://example.org:8443/a",
    "https://me:secret@example.org/a",
  ])("does not leave the host: %s", (location) =>
    expect(() => to("https://example.org/a", location)).toThrow("leads to another host"),
  );
});

describe("withRetries(work, patience)", () => {
  const patience = () => {
    const waits: number[] = [];
    return { waits, sleep: async (ms: number) => void waits.push(ms), random: () => 0.5 };
  };

  it("tries again after ever longer waits, and gives up after four tries", async () => {
    const { waits, ...rest } = patience();
    const work = () => Promise.reject(new SourceFailure("x does not answer"));
    expect((await failure(withRetries(work, rest))).message).toBe("x does not answer; tried 4 times");
    expect(waits).toEqual([750, 1500, 3000]);
  });

  it("waits as long as it is asked to, but not for long", async () => {
    const { waits, ...rest } = patience();
    let tries = 0;
    const work = async () => {
      if (tries++ === 0) throw new SourceFailure("busy", { after: 7000 });
      return "done";
    };
    expect(await withRetries(work, rest)).toBe("done");
    expect(waits).toEqual([7000]);
    const long = () => Promise.reject(new SourceFailure("busy", { after: 3_600_000 }));
    expect((await failure(withRetries(long, rest))).message).toContain("left alone for 3600 s");
    expect(waits).toEqual([7000]);
  });

  it("does not try again what will not change", async () => {
    const { waits, ...rest } = patience();
    let tries = 0;
    const work = () => Promise.reject(new SourceFailure(`try ${++tries}`, { again: false }));
    expect((await failure(withRetries(work, rest))).message).toBe("try 1");
    await expect(withRetries(() => Promise.reject(new Error("a fault of ours")), rest)).rejects.toThrow(
      "a fault of ours",
    );
    expect(waits).toEqual([]);
  });
});
