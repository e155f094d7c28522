import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectFolder, readSettings } from "../../../pipelines/settings.ts";
import { checkTogether } from "../../../server/servers/together.ts";

const other = "fedcba9876543210fedcba9876543210";
const secret = "0123456789abcdef0123456789abcdef";
const fetching = { KVV_PUBLISHED_URL: "https://kvv-1.example.org/published/", KVV_PUBLISHED_TOKEN: secret };
const passing = { KVV_WRITES_URL: "https://kvv-1.example.org", KVV_SERVERS_SECRET: other };
const check = (env: Record<string, string>, mode = "serve") => checkTogether(readSettings(env), mode);

describe("checkTogether(settings, mode)", () => {
  it.each([{}, fetching, passing, { ...fetching, ...passing }, { KVV_PUBLISHED_TOKEN: secret }])("lets %j be", (env) =>
    expect(() => check(env as Record<string, string>)).not.toThrow(),
  );

  it("takes plain http on this machine only", () => {
    for (const host of ["127.0.0.1:3000", "localhost", "[::1]:3000"])
      expect(() => check({ ...fetching, KVV_PUBLISHED_URL: `http://${host}/published` })).not.toThrow();
    for (const host of ["kvv-1.example.org", "10.0.0.1", "127.0.0.1.example.org"]) {
      expect(() => check({ ...fetching, KVV_PUBLISHED_URL: `http://${host}/published` })).toThrow(/by https only/);
      expect(() => check({ ...passing, KVV_WRITES_URL: `http://${host}` })).toThrow(/KVV_WRITES_URL.*by https only/);
    }
  });

  it.each([
    [{ KVV_PUBLISHED_URL: fetching.KVV_PUBLISHED_URL }, /KVV_PUBLISHED_TOKEN is not/],
    [{ KVV_PUBLISHED_TOKEN: secret, KVV_SERVERS_SECRET: secret }, /are the same/],
    [{ KVV_WRITES_URL: passing.KVV_WRITES_URL }, /KVV_SERVERS_SECRET is not/],
    [{ ...fetching, KVV_PUBLISHED_URL: "https://user:word@kvv-1.example.org/" }, /more than a host and a path/],
    [{ ...passing, KVV_WRITES_URL: "https://kvv-1.example.org/?x=1" }, /more than a host and a path/],
  ])("refuses %j", (env, words) => expect(() => check(env as Record<string, string>)).toThrow(words));

  it("is for kvv serve: elsewhere the pipelines would publish into the same folder", () => {
    expect(() => check(fetching, "start")).toThrow(/is for `kvv serve`/);
    expect(() => check(passing, "start")).toThrow(/is for `kvv serve`/);
  });
});

describe("readSettings(env): secrets of servers", () => {
  it("refuses short ones, and says how a long one is made, not what it was", () => {
    expect(() => readSettings({ KVV_SERVERS_SECRET: "geheim" })).toThrow(
      /KVV_SERVERS_SECRET is shorter than 32.*openssl/,
    );
    expect(() => readSettings({ KVV_PUBLISHED_TOKEN: "geheim" })).toThrow(/^((?!geheim).)*$/);
  });

  it("refuses that of the example, and one that no header takes", () => {
    const example = readFileSync(path.join(projectFolder, "ops", "kvv.env.example"), "utf8");
    const given = [...example.matchAll(/^# (KVV_\w+(?:TOKEN|SECRET))=(.*)$/gm)].map(([, name, value]) => [
      name!,
      value!,
    ]);
    expect(given.map(([name]) => name)).toEqual(["KVV_PUBLISHED_TOKEN", "KVV_SERVERS_SECRET"]);
    for (const [name, value] of [
      ...given,
      ["KVV_PUBLISHED_TOKEN", `${secret} ${other}`],
      ["KVV_PUBLISHED_TOKEN", `${secret}é`],
    ])
      expect(() => readSettings({ [name!]: value! }), `${name} ${value}`).toThrow(
        /is that of the example, or has spaces.*openssl/,
      );
  });

  it("takes them from files", () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "kvv-secret-"));
    const file = path.join(folder, "secret");
    writeFileSync(file, `${secret}\n`);
    expect(readSettings({ KVV_SERVERS_SECRET_FILE: file }).serversSecret).toBe(secret);
    expect(() => readSettings({ KVV_PUBLISHED_TOKEN_FILE: `${file}-none` })).toThrow(/KVV_PUBLISHED_TOKEN_FILE/);
    rmSync(folder, { recursive: true });
  });
});
