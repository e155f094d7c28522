import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isStale } from "../../server/build-web.ts";
import { temporaryHome } from "../support/snapshot.ts";

const { home: web, remove } = temporaryHome();
afterAll(remove);
const built = path.join(web, "dist");
const write = (file: string, at: number) => {
  mkdirSync(path.dirname(path.join(web, file)), { recursive: true });
  writeFileSync(path.join(web, file), "");
  utimesSync(path.join(web, file), at, at);
};

describe("isStale(built, sources)", () => {
  it("is so without a build, and after a change of any source; files of the build do not count", () => {
    write("pages/Overview.svelte", 1000);
    expect(isStale(built, [web])).toBe(true);
    write("dist/index.html", 2000);
    write("dist/assets/a.js", 3000);
    expect(isStale(built, [web, path.join(web, "not-there")])).toBe(false);
    write("pages/deep/Unit.svelte", 2001);
    expect(isStale(built, [web])).toBe(true);
  });
});
