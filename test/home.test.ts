import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { makeHome } from "../pipelines/home.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "kvv-home-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(process.platform === "win32")("makeHome", () => {
  const rightsOf = (name: string) => statSync(path.join(folder, name)).mode & 0o777;

  it("makes a home that other users of the machine cannot look into", () => {
    makeHome(path.join(folder, "new"));
    expect(rightsOf("new")).toBe(0o700);
  });

  it("leaves the rights of one that is there as they are", () => {
    mkdirSync(path.join(folder, "shared"), { mode: 0o750 });
    makeHome(path.join(folder, "shared"));
    expect(rightsOf("shared")).toBe(0o750);
  });
});
