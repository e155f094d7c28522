import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Renderer } from "../../server/renderer.ts";

let folder: string;
let told: unknown[];
let renderer: Renderer;
const asker = { cookie: "a-cookie", inside: "a-word", scope: "all" };

/** A thread that answers as it is told to; `count` is how many it was asked before. */
const worker = `
const { parentPort } = require("node:worker_threads");
let count = 0;
parentPort.on("message", ({ id, origin, address, chart, frame }) => {
  if (address === "/stuck") for (;;);
  if (address === "/falls") throw new Error("fell over");
  if (address === "/fails") return parentPort.postMessage({ id, failed: "no such thing" });
  const result = chart === undefined ? { body: [origin, address, frame, count++].join(" ") } : null;
  parentPort.postMessage({ id, result });
});`;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "kvv-test-"));
  told = [];
  renderer = new Renderer(folder, { warn: (words: unknown) => void told.push(words) }, 1500);
});
afterEach(async () => {
  await renderer.close();
  rmSync(folder, { recursive: true, force: true });
});

function begin(): void {
  mkdirSync(path.join(folder, ".server"));
  // A folder of modules says so of itself; this one does not.
  writeFileSync(path.join(folder, ".server", "render-worker.js"), worker);
  renderer.at("http://127.0.0.1:1");
}

describe("Renderer.page(address, frame, state)", () => {
  it("makes a page once in a state, and anew in another", async () => {
    begin();
    const bodies = await Promise.all(
      [["a"], ["a"], ["b"]].map(async (state) => (await renderer.page("/unit", 340, state, asker))?.body),
    );
    expect(bodies).toEqual([
      "http://127.0.0.1:1 /unit 340 0",
      "http://127.0.0.1:1 /unit 340 0",
      "http://127.0.0.1:1 /unit 340 1",
    ]);
  });

  it("has none before the pages are built, and before it is known where the API is", async () => {
    renderer.at("http://127.0.0.1:1");
    expect(await renderer.page("/", 340, [], asker)).toBeNull();
    renderer.at("");
    begin();
    renderer.at("");
    expect(await renderer.page("/", 340, [], asker)).toBeNull();
  });

  it("tells the log what failed, gives none, and tries again next time", async () => {
    begin();
    expect(await renderer.page("/fails", 340, [], asker)).toBeNull();
    expect(await renderer.page("/fails", 340, [], asker)).toBeNull();
    expect(told).toEqual([
      { page: "other", failed: "no such thing" },
      { page: "other", failed: "no such thing" },
    ]);
  });

  it.each(["/falls", "/stuck"])("goes on in another thread after one that %s", async (address) => {
    begin();
    expect(await renderer.page(address, 340, [], asker)).toBeNull();
    expect((await renderer.page("/unit", 340, [], asker))?.body).toMatch(/\/unit 340 0$/);
  });
});

describe("Renderer.drawing(address, chart, frame, state)", () => {
  it("has none where the page has no such chart", async () => {
    begin();
    expect(await renderer.drawing("/unit", "intake", 340, [], asker)).toBeNull();
  });
});
