import { execFile, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs"; // prettier-ignore
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { projectFolder, readSettings, settings } from "../../pipelines/settings.ts";
import { freePort } from "../support/free-port.ts";
import { programs } from "../support/program.ts";
import { signIn } from "../support/sign-in.ts";
import { makeSnapshot, temporaryHome } from "../support/snapshot.ts";

const read = (name: string) => readFileSync(path.join(projectFolder, name), "utf8");
const run = promisify(execFile);
const known = new Set<string>([...settings.map(({ name }) => name), "NODE_ENV", "NODE_OPTIONS", "MALLOC_ARENA_MAX"]);
const stopSeconds = readSettings({}).stopMs / 1000;

/** The instructions of the Dockerfile, lines that go on taken together. */
const instructions = read("Dockerfile")
  .replace(/\\\n/g, "")
  .split("\n")
  .filter((line) => line.trim() !== "" && !line.startsWith("#"))
  .map((line) => {
    const [, name, rest] = /^\s*([A-Z]+)\s+(.*)$/.exec(line)!;
    return { name: name!, rest: rest!.trim() };
  });
const all = (name: string) => instructions.filter((each) => each.name === name).map(({ rest }) => rest);
const last = (name: string) => all(name).at(-1)!;
/** What is copied from the project. */
const copied = all("COPY")
  .filter((rest) => !rest.startsWith("--from"))
  .flatMap((rest) => rest.split(/\s+/).slice(0, -1));
const environment = Object.fromEntries(
  last("ENV").split(/\s+/).map((pair) => pair.split("=") as [string, string]), // prettier-ignore
);

const command = z.array(z.string()).min(1);
const service = z.looseObject({ command, read_only: z.literal(true), volumes: z.array(z.string()) });
const compose = z
  .looseObject({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.unknown()) })
  .parse(parse(read("compose.yaml"), { merge: true }));

interface Unit {
  name: string;
  find(key: string): string[];
}
const units = ["kvv-schedule", "kvv-serve"].map((name): Unit => {
  const pairs = read(`ops/${name}.service`)
    .split("\n")
    .flatMap((line) => /^([A-Za-z]+)=(.*)$/.exec(line)?.slice(1, 3) ?? []);
  const found = Array.from({ length: pairs.length / 2 }, (_, i) => [pairs[2 * i]!, pairs[2 * i + 1]!] as const);
  return { name, find: (key) => found.filter(([each]) => each === key).map(([, value]) => value) };
});

/** Whether .dockerignore lets a path into the build: the last line that matches decides. */
function isSent(name: string): boolean {
  let sent = true;
  for (const line of read(".dockerignore").split("\n").filter(Boolean)) {
    const pattern = line.replace(/^!/, "");
    const matches = pattern === "*" || name === pattern || name.startsWith(`${pattern}/`);
    if (matches) sent = line.startsWith("!");
  }
  return sent;
}

describe("Dockerfile", () => {
  it("copies what there is, and what .dockerignore lets in", () => {
    expect(copied.length).toBeGreaterThan(5);
    for (const name of copied) {
      expect(existsSync(path.join(projectFolder, name)), name).toBe(true);
      expect(isSent(name), name).toBe(true);
    }
    for (const name of [".git", "node_modules", "var", "web/dist/index.html", "test", "ops/kvv.env"])
      expect(isSent(name), name).toBe(false);
  });

  it("sets what there is to be set, runs as nobody in particular, and needs no script of a package", () => {
    for (const name of Object.keys(environment)) expect(known).toContain(name);
    expect(last("USER")).not.toMatch(/^(root|0)\b/);
    expect(last("VOLUME")).toBe(environment.KVV_HOME);
    expect(all("RUN").join("\n")).toContain("npm ci --omit=dev --ignore-scripts");
    expect(all("FROM").map((each) => each.split(" ")[0])).toEqual(["node:20-slim", "node:20-slim"]);
    expect(instructions.map(({ rest }) => rest).join("\n")).not.toMatch(/curl|wget|apt-get/);
  });
});

describe("compose.yaml", () => {
  it("runs both halves on one home, which is that of the image", () => {
    expect(Object.keys(compose.services).sort()).toEqual(["schedule", "serve"]);
    for (const { volumes } of Object.values(compose.services))
      expect(volumes).toContain(`home:${environment.KVV_HOME}`);
    expect(compose.volumes).toHaveProperty("home");
  });

  it("takes its settings from a file of which there is an example, mounts what there is, and waits for a stop", () => {
    for (const each of Object.values(compose.services)) {
      expect(each.env_file).toBe("ops/kvv.env");
      expect(existsSync(path.join(projectFolder, `${each.env_file as string}.example`))).toBe(true);
      for (const volume of each.volumes.filter((volume) => volume.startsWith("./")))
        expect(existsSync(path.join(projectFolder, volume.split(":")[0]!)), volume).toBe(true);
      expect(parseInt(each.stop_grace_period as string)).toBeGreaterThan(stopSeconds + 5);
    }
  });
});

describe("ops/kvv-schedule.service and compose.yaml", () => {
  it("let readers go before publications", () => {
    const [schedule, serve] = units.map(({ find }) => [...find("CPUSchedulingPolicy"), ...find("CPUWeight")]);
    expect({ schedule, serve }).toEqual({ schedule: ["idle", "idle"], serve: [] });
    expect(compose.services).toMatchObject({ schedule: { cpu_shares: 2 } });
    expect(compose.services.serve).not.toHaveProperty("cpu_shares");
  });
});

describe("ops/kvv.env.example", () => {
  it("names settings that there are, with values that can be read", () => {
    const lines = read("ops/kvv.env.example").split("\n").map((line) => line.replace(/^# (?=KVV_)/, "")); // prettier-ignore
    const pairs = lines.filter((line) => /^\w+=/.test(line)).map((line) => line.split(/=(.*)/s).slice(0, 2));
    expect(pairs.length).toBeGreaterThan(8);
    for (const [name] of pairs) expect(known).toContain(name);
    const settings = Object.fromEntries(pairs) as Record<string, string>;
    // What everybody can read there is no secret.
    const secrets = ["KVV_PUBLISHED_TOKEN", "KVV_SERVERS_SECRET"];
    for (const name of secrets) expect(() => readSettings({ [name]: settings[name] })).toThrow(name);
    const own = Object.fromEntries(secrets.map((name) => [name, "0123456789".repeat(4)]));
    expect(readSettings({ ...settings, ...own })).toMatchObject({ logLevel: "info" });
  });
});

describe.each(units)("ops/$name.service", ({ name, find }) => {
  it("is hardened, has bounds, and is given longer to stop than the monitor takes", () => {
    for (const key of ["NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "RestrictNamespaces"])
      expect(find(key), key).toEqual(["yes"]);
    expect(find("ProtectSystem")).toEqual(["strict"]);
    expect(find("User")).toEqual(["kvv"]);
    expect(find("Restart")).toEqual(["always"]);
    expect(find("MemoryMax")[0]).toMatch(/^\dG$/);
    expect(Number(find("TimeoutStopSec")[0])).toBeGreaterThan(stopSeconds + 5);
    expect(find("KillMode")).toEqual(["mixed"]);
  });

  it("sets what there is to be set, and writes to the home only, and the one that makes back-ups to these", () => {
    const pairs = find("Environment").flatMap((line) => line.split(" ").map((pair) => pair.split("=")));
    for (const [setting] of pairs) expect(known).toContain(setting);
    const home = Object.fromEntries(pairs).KVV_HOME as string;
    const backups = name === "kvv-schedule" ? " -/var/backups/kvv" : "";
    expect(find("ReadWritePaths")).toEqual([home + backups]);
    expect(home).toBe(`/var/lib/${find("StateDirectory")[0]}`);
  });

  it.runIf(spawnSync("systemd-analyze", ["--version"]).status === 0)("is one to systemd", async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "kvv-units-"));
    try {
      const file = path.join(folder, `${name}.service`);
      // Where the program and the code are on this machine.
      const here = read(`ops/${name}.service`).replace("/usr/bin/node", process.execPath).replaceAll("/opt/kvv-monitor", projectFolder); // prettier-ignore
      writeFileSync(file, here);
      const { stderr } = await run("systemd-analyze", ["verify", "--man=no", file]);
      expect(stderr).not.toContain(name);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("npm run build", () => {
  it("makes every program that the monitor starts", () => {
    const sources = ["pipelines", "server"].flatMap((folder) =>
      readdirSync(path.join(projectFolder, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => /\.(ts|cjs)$/.test(name) && !/(^|\/)bench/.test(name) && name !== "build.cjs")
        .map((name) => read(path.join(folder, name))),
    );
    const started = sources.flatMap((text) =>
      [...text.matchAll(/(?:programArguments|\.run|runInOwnProcess<[^(]*>)\(\s*"((?:pipelines|server)\/[^"]+)"/g)].map(
        ([, program]) => program!,
      ),
    );
    expect([...new Set(started)].sort()).toEqual([...programs].sort());
  });
});

describe("the image", () => {
  let app: string;
  const root = mkdtempSync(path.join(os.tmpdir(), "kvv-image-"));
  const { home, remove } = temporaryHome();
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
    remove();
  });
  beforeAll(async () => {
    app = path.join(root, "app");
    for (const name of copied.filter(isSent))
      cpSync(path.join(projectFolder, name), path.join(app, name), {
        recursive: true,
        filter: (source) => isSent(path.relative(projectFolder, source)),
      });
    // Packages as they are installed here, but for what was made beside them.
    mkdirSync(path.join(app, "node_modules"));
    for (const name of readdirSync(path.join(projectFolder, "node_modules")).filter((each) => each !== ".cache"))
      symlinkSync(path.join(projectFolder, "node_modules", name), path.join(app, "node_modules", name));
    await run("npm", ["run", "build"], { cwd: app });
    // As where it was packed and unpacked.
    for (const name of filesOf(app)) utimesSync(path.join(app, name), 1_767_225_600, 1_767_225_600);
    await makeSnapshot(home);
  }, 300_000);

  const filesOf = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
      (name) => !/^node_modules\/(?!\.cache)/.test(name),
    );
  const stateOf = (folder: string) =>
    filesOf(folder).sort().map((name) => `${name} ${statSync(path.join(folder, name)).mtimeMs}`); // prettier-ignore
  const execOf = (unit: Unit) => unit.find("ExecStart")[0]!.split(" ");

  it.each([
    ["CMD", "HEALTHCHECK", () => [JSON.parse(last("CMD")) as string[]]],
    [
      "compose.yaml and ops",
      "its commands",
      () => [compose.services.schedule!.command, compose.services.serve!.command],
    ],
  ])(
    "%s: serves, is well, stops with 0, and writes nothing beside the code",
    async (_, __, commandsOf) => {
      const commands = commandsOf();
      const port = String(await freePort());
      const before = stateOf(app);
      const env = { PATH: process.env.PATH!, ...environment, KVV_HOME: home, PORT: port, KVV_INBOX_SECONDS: "0.3" };
      const ran = commands.map(([program, ...args]) => spawn(program!, args, { cwd: app, env }));
      const ended = ran.map((child) => new Promise((resolve) => child.once("exit", resolve)));
      let said = "";
      for (const child of ran) for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += String(text))); // prettier-ignore
      try {
        const address = `http://127.0.0.1:${port}`;
        const ready = () => fetch(`${address}/readyz`).then(({ ok }) => ok, () => false); // prettier-ignore
        for (const end = Date.now() + 60_000; !(await ready()) && Date.now() < end;)
          await new Promise((resolve) => setTimeout(resolve, 100));
        const cookie = await signIn(address);
        const page = await fetch(`${address}/unit/den-haag`, { headers: { accept: "text/html", cookie } });
        const text = await page.text();
        expect(page.status, said).toBe(200);
        const script = /\/assets\/[\w.-]+\.js/.exec(text)![0];
        expect((await fetch(address + script)).status).toBe(200);
        for (const file of [
          "series?indicator=all&unit=all&grain=month&format=xlsx",
          "subjects/conduct/den-haag/2016/report.pdf",
        ])
          expect((await fetch(`${address}/api/v1/${file}`, { headers: { cookie } })).status, file).toBe(200);
        const [probe, ...args] = JSON.parse(/CMD (\[.*\])/.exec(last("HEALTHCHECK"))![1]!) as string[];
        expect(spawnSync(probe!, args, { env: { PATH: env.PATH, PORT: port } }).status).toBe(0);
        expect(spawnSync(probe!, args, { env: { PATH: env.PATH, PORT: "9" } }).status).toBe(1);
      } finally {
        for (const child of ran) child.kill("SIGTERM");
      }
      expect(await Promise.all(ended), said).toEqual(commands.map(() => 0));
      expect(stateOf(app)).toEqual(before);
    },
    120_000,
  );

  it("is what the units run too", () => {
    const ran = units.map((unit) => execOf(unit).slice(1));
    expect(ran).toEqual([compose.services.schedule!.command.slice(1), compose.services.serve!.command.slice(1)]);
    for (const args of ran) expect(existsSync(path.join(app, args[0]!))).toBe(true);
  });

  it("says what to do where it was not built", async () => {
    rmSync(path.join(app, "node_modules", ".cache"), { recursive: true });
    const env = { ...process.env, ...environment, KVV_HOME: home };
    const failed = run(process.execPath, ["pipelines/kvv.cjs", "settings"], { cwd: app, env });
    await expect(failed).rejects.toMatchObject({ stderr: expect.stringContaining("run npm run build") as string });
  });
});
