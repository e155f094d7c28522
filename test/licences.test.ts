import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectFolder } from "../pipelines/settings.ts";

/** Licences under which all may be used, changed and passed on without publishing one's own code; the last ones are for fonts and data. */
const allowed = new Set([
  ...["MIT", "MIT-0", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Apache-2.0", "BlueOak-1.0.0", "Python-2.0"],
  ...["Unlicense", "CC0-1.0", "OFL-1.1", "CC-BY-4.0"],
]);

/** Under another licence, each with why it is none the less used. */
const exceptions: Record<string, { licence: string; why: string }> = {
  lightningcss: {
    licence: "MPL-2.0",
    why: "vite packs style sheets with it, unchanged; nothing of it is in what is served",
  },
  "@axe-core/playwright": { licence: "MPL-2.0", why: "tests only" },
  "axe-core": { licence: "MPL-2.0", why: "tests only" },
  "ical.js": { licence: "MPL-2.0", why: "tests only" },
};

/** Packages with a script that runs when they are installed, each with why they work without it. */
const scripts: Record<string, string> = {
  esbuild: "it puts its program in the place of a script that starts it; without that the script finds it itself",
};

interface Locked {
  version?: string;
  license?: string;
  dev?: boolean;
  optional?: boolean;
  hasInstallScript?: boolean;
  resolved?: string;
  integrity?: string;
  peerDependencies?: Record<string, string>;
}

const read = <T>(name: string) => JSON.parse(readFileSync(path.join(projectFolder, name), "utf8")) as T;
const locked = Object.entries(read<{ packages: Record<string, Locked> }>("package-lock.json").packages)
  .filter(([folder]) => folder !== "")
  .map(([folder, entry]) => ({ folder, name: folder.split("node_modules/").at(-1)!, ...entry }));
const { dependencies, devDependencies } =
  read<Record<"dependencies" | "devDependencies", Record<string, string>>>("package.json");

/** Whether an SPDX expression, as "MIT AND OFL-1.1", lets itself be kept to. */
const isAllowed = (expression: string): boolean =>
  expression
    .replace(/[()]/g, "")
    .split(" OR ")
    .some((one) => one.split(" AND ").every((each) => allowed.has(each.trim())));

/** The exception of a package, or of that of which it is the program for one kind of machine. */
const exceptionOf = (name: string) =>
  exceptions[name] ?? exceptions[name.replace(/-(android|darwin|freebsd|linux|win32)-.*$/, "")];

/** What is wrong with the licence of a package; null where nothing is. */
function faultOf({ name, license }: Pick<(typeof locked)[number], "name" | "license">): string | null {
  if (!license) return `${name} says no licence`;
  if (isAllowed(license) || exceptionOf(name)?.licence === license) return null;
  return `${name} is under ${license}`;
}

describe("licences of packages", () => {
  it("are those that may be used, of every package that can be installed", () => {
    expect(locked.length).toBeGreaterThan(300);
    expect(locked.flatMap((each) => faultOf(each) ?? [])).toEqual([]);
  });

  it("are of packages from the registry alone, each known by the sum of its bytes", () => {
    for (const { folder, resolved = "https://registry.npmjs.org/", integrity } of locked) {
      expect(resolved, folder).toMatch(/^https:\/\/registry\.npmjs\.org\//);
      expect(integrity, folder).toMatch(/^sha512-/);
    }
  });

  it("are what the installed packages say themselves", () => {
    const installed = locked.filter(({ folder }) => existsSync(path.join(projectFolder, folder, "package.json")));
    expect(installed.length).toBeGreaterThan(300);
    const others = installed.flatMap(({ folder, license }) => {
      const own = read<{ license?: string | { type: string } }>(path.join(folder, "package.json")).license;
      const said = typeof own === "object" ? own.type : own;
      return said === license ? [] : [`${folder} says ${String(said)}, the lock file ${String(license)}`];
    });
    expect(others).toEqual([]);
  });

  it.each([
    ["GPL-3.0-only", "a is under GPL-3.0-only"],
    ["MIT AND GPL-2.0", "a is under MIT AND GPL-2.0"],
    ["MPL-2.0", "a is under MPL-2.0"],
    ["SEE LICENSE IN x", "a is under SEE LICENSE IN x"],
    [undefined, "a says no licence"],
    ["(MIT OR GPL-3.0-only)", null],
    ["MIT AND OFL-1.1", null],
  ])("%s", (license, fault) => expect(faultOf({ name: "a", ...(license ? { license } : {}) })).toBe(fault));

  it("has no exception too many, and each with its reason", () => {
    for (const [name, { licence, why }] of Object.entries(exceptions)) {
      expect(locked.find((each) => each.name === name)?.license, name).toBe(licence);
      if (why === "tests only")
        expect(
          locked.filter((each) => each.name === name && !each.dev),
          name,
        ).toEqual([]);
    }
  });
});

describe("scripts of packages", () => {
  it("are needed by none: npm ci --ignore-scripts is enough", () => {
    const names = locked.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name);
    expect(names).toEqual(Object.keys(scripts));
    // What the script of esbuild would put in its place comes as a package.
    const program = `@esbuild/${process.platform}-${process.arch}`;
    expect(locked.find(({ name }) => name === program)).toMatchObject({ optional: true });
  });
});

describe("package.json", () => {
  it("names each package with one version", () => {
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  });

  it("has no package among those of the product that the product does not use", () => {
    const sources = ["pipelines", "server", "web"].flatMap((folder) =>
      readdirSync(path.join(projectFolder, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => /\.(ts|mjs|cjs|svelte|css)$/.test(name) && !/(^|\/)(dist|bench[^/]*)(\/|$)/.test(name))
        .map((name) => readFileSync(path.join(projectFolder, folder, name), "utf8")),
    );
    const isUsed = (name: string) => {
      // Fonts of reports are found by their names.
      const named = name.startsWith("@expo-google-fonts/") ? name.split("/")[1]! : name;
      return sources.some((text) => text.includes(`"${named}"`) || text.includes(`"${named}/`));
    };
    // What one of them asks to be there beside it.
    const peers = new Set(locked.filter(({ name }) => name in dependencies && isUsed(name)).flatMap((each) => Object.keys(each.peerDependencies ?? {}))); // prettier-ignore
    expect(Object.keys(dependencies).filter((name) => !isUsed(name) && !peers.has(name))).toEqual([]);
    expect(isUsed("prom-client")).toBe(false);
  });
});
