import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { Inside } from "../../web/inside.ts";

interface Asked {
  path: string;
  cookie: string;
  tags: string;
}

let server: http.Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** An API whose answer to a path depends on the cookie, with a tag of what it says; it writes down what it was asked. */
async function serving(answers: Record<string, string>): Promise<{ origin: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  server = http.createServer((request, response) => {
    const { cookie = "", "if-none-match": tags = "" } = request.headers;
    asked.push({ path: request.url!, cookie, tags });
    if (cookie === "slow") return void setTimeout(() => answer(answers.slow!, tags, response), 100);
    answer(answers[cookie]!, tags, response);
  });
  function answer(body: string, tags: string, response: http.ServerResponse): void {
    if (body.startsWith("!")) return void response.writeHead(403).end(JSON.stringify({ detail: body.slice(1) }));
    const etag = `"${body.length}-${body.slice(0, 8).replace(/\W/g, "")}"`;
    if (tags.split(", ").includes(etag)) return void response.writeHead(304, { etag }).end();
    response.writeHead(200, { etag }).end(body);
  }
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const valueOf = (answer: unknown) => (answer as { parsed: { value: unknown } }).parsed.value;

describe("Inside.fetch(address, headers)", () => {
  it("takes apart once what several may see, and asks for each of them", async () => {
    const { origin, asked } = await serving({ a: '{"n":1}', b: '{"n":1}' });
    const inside = new Inside();
    const first = await inside.fetch(`${origin}/x`, { cookie: "a" });
    const second = await inside.fetch(`${origin}/x`, { cookie: "b" });
    expect(valueOf(first)).toEqual({ n: 1 });
    expect(valueOf(second)).toBe(valueOf(first));
    expect(asked.map(({ cookie }) => cookie)).toEqual(["a", "b"]);
  });

  it("gives each what they may see where that differs, also when they take turns", async () => {
    const { origin } = await serving({ a: '{"of":"a"}', b: '{"other":"b"}', c: "!not yours" });
    const inside = new Inside();
    for (let i = 0; i < 3; i++) {
      expect(valueOf(await inside.fetch(`${origin}/x`, { cookie: "a" }))).toEqual({ of: "a" });
      expect(valueOf(await inside.fetch(`${origin}/x`, { cookie: "b" }))).toEqual({ other: "b" });
      const refused = await inside.fetch(`${origin}/x`, { cookie: "c" });
      expect([refused.ok, refused.status, await refused.json()]).toEqual([false, 403, { detail: "not yours" }]);
    }
  });

  it("keeps four of each question", async () => {
    const scopes = ["a", "b", "c", "d", "e", "f"];
    const { origin, asked } = await serving(Object.fromEntries(scopes.map((each) => [each, `{"of":"${each}"}`])));
    const inside = new Inside();
    for (const cookie of scopes) await inside.fetch(`${origin}/x`, { cookie });
    expect(valueOf(await inside.fetch(`${origin}/x`, { cookie: "a" }))).toEqual({ of: "a" });
    expect(asked.map(({ tags }) => tags.split(", ").filter(Boolean).length)).toEqual([0, 1, 2, 3, 4, 4, 4]);
  });

  it("asks once more where a connection that was kept is closed at that moment", async () => {
    let answered = 0;
    const used = new WeakSet<object>();
    server = http.createServer((request, response) => {
      if (used.has(request.socket)) return void request.socket.destroy();
      used.add(request.socket);
      response.end(JSON.stringify({ n: ++answered }));
    });
    await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const inside = new Inside();
    const values = [];
    for (let i = 0; i < 3; i++) values.push(valueOf(await inside.fetch(`${origin}/x`, {})));
    expect(values).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it("has what it asked for by its tag also where others took its place meanwhile", async () => {
    const scopes = ["a", "b", "c", "d"];
    const { origin } = await serving(Object.fromEntries(["slow", ...scopes].map((each) => [each, `{"of":"${each}"}`])));
    const inside = new Inside();
    await inside.fetch(`${origin}/x`, { cookie: "slow" });
    const slow = inside.fetch(`${origin}/x`, { cookie: "slow" });
    for (const cookie of scopes) await inside.fetch(`${origin}/x`, { cookie });
    expect(valueOf(await slow)).toEqual({ of: "slow" });
  });

  it("fails where nothing answers, or no JSON does", async () => {
    const { origin } = await serving({ a: "<p>oops" });
    const inside = new Inside();
    await expect(inside.fetch(`${origin}/x`, { cookie: "a" })).rejects.toThrow();
    await expect(inside.fetch("http://127.0.0.1:1/x", {})).rejects.toThrow();
  });
});
