import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import path from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packFiles } from "../../server/packed.ts";
import { serveFixture, type Fixture } from "../support/serve-fixture.ts";
import { temporaryHome } from "../support/snapshot.ts";

const { home: folder, remove } = temporaryHome();
const assets = path.join(folder, "assets");
const program = "export const each = [1, 2, 3].map((one) => one + 1);\n".repeat(200);
let fixture: Fixture;

beforeAll(async () => {
  mkdirSync(assets, { recursive: true });
  for (const [name, text] of Object.entries({ "main-1.js": program, "style-1.css": "a { color: red }\n".repeat(50) }))
    writeFileSync(path.join(assets, name), text);
  writeFileSync(path.join(assets, "few-1.js"), "x");
  writeFileSync(path.join(assets, "font-1.woff2"), program);
  writeFileSync(path.join(folder, "index.html"), "<p>page</p>");
  await packFiles(assets);
  fixture = await serveFixture({ pages: { dev: false, folder } });
});
afterAll(async () => {
  await fixture.stop();
  remove();
});

/** As it comes over the line. */
async function fetchPacked(file: string, accept: string): Promise<{ headers: Headers; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    get(`${fixture.address}/assets/${file}`, { headers: { "accept-encoding": accept } }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () =>
        resolve({ headers: new Headers(response.headers as Record<string, string>), bytes: Buffer.concat(parts) }),
      );
    }).on("error", reject);
  });
}

describe("packFiles(assets)", () => {
  it("packs programs and styles beside themselves, but for those that would not be smaller", () => {
    expect(readdirSync(assets).toSorted()).toEqual([
      "few-1.js",
      "font-1.woff2",
      ...["main-1.js", "style-1.css"].flatMap((name) => [name, `${name}.br`, `${name}.gz`]),
    ]);
  });
});

describe("GET /assets/:file", () => {
  it.each([
    ["gzip, deflate, br, zstd", "br", brotliDecompressSync],
    ["gzip, deflate", "gzip", gunzipSync],
    ["br;q=0, gzip", "gzip", gunzipSync],
  ])("sends to who takes %s what was packed as %s", async (accept, coding, unpack) => {
    const { headers, bytes } = await fetchPacked("main-1.js", accept);
    expect(headers.get("content-encoding")).toBe(coding);
    expect(headers.get("content-type")).toMatch(/^text\/javascript/);
    expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(headers.get("vary")).toMatch(/accept-encoding/i);
    expect(Number(headers.get("content-length"))).toBe(bytes.length);
    expect(unpack(bytes).toString()).toBe(program);
  });

  it("sends it as it is to who takes nothing packed, and what was not packed", async () => {
    const plain = await fetchPacked("main-1.js", "identity");
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(plain.bytes.toString()).toBe(program);
    const few = await fetchPacked("few-1.js", "br");
    expect(few.bytes.toString()).toBe("x");
  });
});
