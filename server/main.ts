import type { RequestListener } from "node:http";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import type { Logger } from "pino";
import { connectOwner } from "../pipelines/handover.ts";
import { makeHome } from "../pipelines/home.ts";
import { createLog } from "../pipelines/log.ts";
import { resolveName } from "../pipelines/sources/addresses.ts";
import { readSettings, type Settings } from "../pipelines/settings.ts";
import { createApp } from "./app.ts";
import { AuditLog } from "./audit.ts";
import { builtWeb, buildWebApart, developWeb, isStale } from "./build-web.ts";
import { CycleFile } from "./calendar/cycle.ts";
import { codeVersion } from "./code-version.ts";
import { Closing } from "./closing.ts";
import { Contracts } from "./contracts.ts";
import { addressOf, CannotStart, checkReachable, listen } from "./listen.ts";
import { firstPages } from "./made-pages.ts";
import { Operations } from "./operations.ts";
import type { Pages } from "./pages.ts";
import { Pipelines } from "./pipelines.ts";
import { startPipelines, type PipelinesProcess } from "./pipelines-process.ts";
import { Reminders } from "./reminders.ts";
import { Renderer } from "./renderer.ts";
import { Fetcher } from "./servers/fetcher.ts";
import { keysOf } from "./servers/keys.ts";
import { PublishedFiles } from "./servers/published-files.ts";
import { Receiver } from "./servers/receiver.ts";
import { checkTogether } from "./servers/together.ts";
import { Writes } from "./servers/writes.ts";
import { Sessions } from "./session.ts";
import { readMapping, type RoleMapping } from "./role-mapping.ts";
import { longestUploadMs } from "./routes/files.ts";
import { Snapshots } from "./snapshot.ts";
import { monitorName, Publisher } from "./workbench/publisher.ts";
import { DefinitionTexts } from "./workbench/standing-texts.ts";
import { Workspace } from "./workspace/workspace.ts";

const pollMs = 1000;
/** Between two looks at the server with which lives what people write. */
const otherMs = 2000;
const connectMs = 10_000;
const remindMs = 3_600_000;
/** Between two looks whether a draft is to be published: pipelines of another process may have been away. */
const publishMs = 600_000;
/** A stop that takes longer is told. */
const toldMs = 1000;
/** After all answers are out or cut off, closing files takes no longer than this. */
const lastMs = 2000;

// Answers come and go by the megabyte beside little that stays: by itself the engine looks through all of that for every
// fourth page, with threads that take a third of the time of a page. It looks when there is three times as much.
setFlagsFromString("--heap-growing-percent=200");

const [mode = "start", ...flags] = process.argv.slice(2);
const say = (message: string) => void process.stdout.write(message + "\n");

try {
  await main();
} catch (error) {
  const known = error instanceof CannotStart;
  process.stderr.write(`kvv ${mode}: ${(error as Error).message.split("\n")[0]}\n`);
  if (!known && process.env.KVV_DEBUG) process.stderr.write(`${(error as Error).stack}\n`);
  process.exit(1);
}

/** Serves what is published, and with `start` runs the pipelines beside it. */
async function main(): Promise<void> {
  if (!["start", "serve"].includes(mode) || flags.some((flag) => flag !== "--dev"))
    throw new CannotStart("usage: node server/start.cjs [start [--dev] | serve]");
  const dev = flags.includes("--dev");
  const settings = settingsOfEnvironment();
  const signsIn = settings.oidcIssuer !== "";
  const address = process.env.KVV_ADDRESS ? settings.address : null;
  checkReachable({ host: settings.host, address, signsIn });
  checkTogether(settings, mode);
  const mapping = signsIn ? mappingOf(settings) : null;
  if (mode === "start") await refuseSecond(settings.home);
  makeHome(settings.home);

  const log = createLog(settings.logLevel);
  const published = path.join(settings.home, "published");
  const fetching = new AbortController();
  const building = new AbortController();
  const fetcher = fetcherOf(settings, published, log, fetching.signal);
  const snapshots = await Snapshots.open({
    ...{ published, log },
    // The other half makes pages and packs answers; questions are many and small.
    threads: Math.ceil(settings.threads / 2),
    timeZone: settings.timeZone,
    ...(fetcher ? { listed: () => fetcher.listed } : {}),
  });
  const operations = new Operations(path.join(settings.home, "operations.duckdb"));

  // Listening comes before everything that takes time: /readyz answers while the first snapshot is made.
  let app: RequestListener = (_request, response) => void response.writeHead(503).end();
  const closing = new Closing();
  const answer = closing.watch((request, response) => app(request, response));
  const requestMs = longestUploadMs(settings.maxFileBytes);
  const server = await listen(answer, settings.host, settings.port, { requestMs });
  const developed = dev ? await developWeb(server) : null;
  const renderer = dev ? null : new Renderer(builtWeb, log);
  renderer?.at(addressOf(server));
  const pages: Pages = developed ?? { dev: false, folder: builtWeb, renderer: renderer! };
  const now = () => settings.fixedNow ?? new Date();
  const contracts = new Contracts(path.join(settings.config, "pipelines", "contracts"));
  let running = false;
  let ended = false;
  const pipelinesHere = new Pipelines(
    settings.home,
    () => mode === "start" && !running && !ended,
    settings.publishedUrl !== "",
  );
  const { maxFileBytes } = settings;
  const workspace = new Workspace(path.join(settings.home, "workspace.duckdb"));
  const cycle = new CycleFile(path.join(settings.config, "data", "cycle.yaml"));
  const auditLog = new AuditLog({
    folder: path.join(settings.home, "audit"),
    keepMonths: settings.keepAuditMonths,
    now: () => new Date(),
  });
  const publisher = new Publisher({
    ...{ workspace, pipelines: pipelinesHere, now, log },
    dayOf: (at) => snapshots.dayOf(at),
    record: (told) =>
      void auditLog
        .append({ user: monitorName, roles: [], ...told })
        .catch((error: unknown) => log.error({ err: error }, "the audit log cannot be written")),
  });
  const keys = settings.serversSecret === "" ? null : keysOf(settings.serversSecret);
  const sessions = new Sessions({
    home: settings.home,
    way: settings.oidcIssuer || "personas",
    idleMs: settings.sessionIdleMs,
    longestMs: settings.sessionLongestMs,
    // Not the fixed clock of a replay: people wait in real time.
    now: () => new Date(),
    ...(keys ? { key: keys.sessions } : {}),
  });
  const writes =
    keys && settings.writesUrl !== ""
      ? new Writes({
          url: settings.writesUrl,
          keys,
          sessions,
          rule: settings.privateSources,
          resolve: resolveName,
          log,
        })
      : null;
  if (writes) sessions.onEnd = () => void writes.look();
  app = createApp({
    ...{ snapshots, operations, contracts, pipelines: pipelinesHere, workspace, cycle, maxFileBytes },
    ...{
      sessions,

      auditLog,
      audit: path.join(settings.home, "audit"),
      keepAuditMonths: settings.keepAuditMonths,
    },
    register: { keep: settings, assessment: path.join(settings.config, "data", "assessment.yaml") },
    ...(writes ? {} : { publisher }),
    definitions: new DefinitionTexts(settings),
    ...{ log, version: codeVersion(), pages, now },
    ...(fetcher ? { fetcher } : {}),
    ...(writes ? { writes } : {}),
    ...(keys && !writes ? { receiver: new Receiver({ keys, sessions, operations, log }) } : {}),
    ...(settings.publishedToken && !fetcher ? { offers: { published, token: settings.publishedToken } } : {}),
    ...(mapping
      ? {
          signIn: {
            issuer: settings.oidcIssuer,
            clientId: settings.oidcClientId,
            clientSecret: settings.oidcClientSecret,
            mapping,
          },
        }
      : {}),
    // Without one of its own it is where the reader asked.
    ...(address || mapping ? { address: address ?? addressOf(server) } : {}),
  }) as RequestListener;
  const reminders = new Reminders({
    ...{ settings, cycle, snapshots, workspace, log, now },
    address: address ?? addressOf(server),
  });
  // People hear of it from the server with which lives what they write, and drafts are published from there.
  const remind = () => void (writes ?? reminders.tick());
  const publishDue = () => void (writes ?? publisher.tick());
  say(`the monitor keeps its data in ${settings.home}`);

  let pagesReady = dev || settings.prebuilt || !isStale();
  let told: string | null = null;
  const tell = () => {
    const manifest = snapshots.manifest;
    if (!manifest || !pagesReady || told === manifest.snapshot) return;
    const figures = `figures through ${manifest.data_through}${manifest.demo ? ", voorbeelddata" : ""}`;
    say(told ? `new snapshot ${manifest.snapshot}: ${figures}` : `${figures}: ${addressOf(server)}`);
    warm(told === null).catch((error: unknown) => log.warn({ err: error }, "no page could be made ahead"));
    told = manifest.snapshot;
  };
  /** Later on, what readers ask is made ready before a snapshot is served. */
  const warm = async (isFirst: boolean) => {
    const cookie = await sessions.begin({ name: "server", roles: ["control"], units: [] });
    const first = await snapshots.use(undefined, async ({ catalogue }) => firstPages(catalogue));
    await renderer?.warm(cookie, isFirst ? first : ["/"]);
  };
  const refresh = async () => {
    if (!(await snapshots.refresh())) return;
    tell();
    remind();
  };

  let pipelines: PipelinesProcess | undefined;
  let inUse = false;
  let stopping = false;
  const stop = async (code: number) => {
    if (stopping) return;
    stopping = true;
    clearInterval(poll);
    clearInterval(reminding);
    clearInterval(publishing);
    clearInterval(looking ?? undefined);
    clearInterval(askingOther ?? undefined);
    fetching.abort();
    building.abort();
    const { stopMs } = settings;
    const telling = setTimeout(() => say(`stopping; what is under way may take ${stopMs / 1000} seconds`), toldMs);
    const reminded = Promise.race([Promise.all([reminders.stop(), publisher.stop()]), sleep(stopMs)]);
    const closed = closing.close(server, stopMs).then((cutOff) => {
      if (cutOff > 0) log.warn({ answers: cutOff }, "cut off after KVV_STOP_SECONDS");
      return renderer?.close();
    });
    await Promise.all([pipelines?.stop(), developed?.close(), closed, reminded]);
    clearTimeout(telling);
    // What a cut off answer asked of the engine may still be at work there.
    setTimeout(() => process.exit(code), lastMs).unref();
    writes?.close();
    operations.close();
    await workspace.close();
    await snapshots.close();
    process.exit(code);
  };
  const poll = setInterval(() => void refresh(), pollMs);
  const fetchOnce = async () => void ((await fetcher?.look()) && (await refresh()));
  const looking = fetcher && setInterval(() => void fetchOnce(), settings.publishedMs);
  const publishing = setInterval(publishDue, publishMs);
  const reminding = setInterval(remind, remindMs);
  const askingOther = writes && setInterval(() => void writes.look(), otherMs);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));

  await refresh();
  void fetchOnce();
  void writes?.look();
  // What was approved before this server stopped.
  publishDue();
  if (mode === "start")
    pipelines = startPipelines(settings.stopMs, {
      running() {
        running = true;
        publishDue();
      },
      inUse: () => (inUse = true),
      published: () => void refresh(),
      ended: (code) => {
        ended = true;
        void refresh().then(() => withoutPipelines(code));
      },
    });
  else if (!snapshots.manifest && fetcher) say("fetching what is published elsewhere");
  else if (!snapshots.manifest) say("nothing is published here yet; waiting for `kvv schedule` or `kvv publish`");

  if (!pagesReady) {
    say("building the pages");
    try {
      await buildWebApart(building.signal);
    } catch (error) {
      if (stopping) return;
      throw error;
    }
    // What made pages until now is of the build before.
    await renderer?.close();
    pagesReady = true;
  }
  tell();

  function withoutPipelines(code: number | null): void {
    if (inUse) return void stop(1);
    const why = code === null ? "were ended" : `stopped with exit code ${code}`;
    if (running && snapshots.manifest)
      return say(`the pipelines ${why}; the figures stay as published until you start anew`);
    const before = running ? "anything was published" : "they ran";
    process.stderr.write(`kvv ${mode}: the pipelines ${why} before ${before}; their reason stands above\n`);
    void stop(1);
  }
}

/** What brings snapshots that are published elsewhere; null where they are made here. */
function fetcherOf(
  { publishedUrl, publishedToken, privateSources, sourceSeconds, maxFileBytes, keepSnapshots }: Settings,
  published: string,
  log: Logger,
  signal: AbortSignal,
): Fetcher | null {
  if (publishedUrl === "") return null;
  const network = { rule: privateSources, resolve: resolveName, connectMs, totalMs: sourceSeconds * 1000, signal };
  const files = new PublishedFiles(publishedUrl, publishedToken, network);
  return new Fetcher({ published, files, maxBytes: maxFileBytes, keep: keepSnapshots, log, now: () => Date.now() });
}

/** A second monitor of a home ends before it has done anything; of two at the same instant the engine's lock lets one begin. */
async function refuseSecond(home: string): Promise<void> {
  const other = await connectOwner(home).catch(() => null);
  if (!other) return;
  other.destroy();
  throw new CannotStart(`a monitor already runs in ${home}; stop it first, or name another folder in KVV_HOME`);
}

/** Who is what, by the claims of the provider. */
function mappingOf({ config, oidcIssuer, oidcClientId }: Settings): RoleMapping {
  const { protocol, hostname } = new URL(oidcIssuer);
  if (protocol !== "https:" && !["127.0.0.1", "localhost", "[::1]"].includes(hostname))
    throw new CannotStart(`KVV_OIDC_ISSUER is ${oidcIssuer}; a provider on another machine is reached by https`);
  if (oidcClientId === "")
    throw new CannotStart("KVV_OIDC_ISSUER is set, but KVV_OIDC_CLIENT_ID is not; the provider has it");
  try {
    return readMapping(path.join(config, "data", "access.yaml"));
  } catch (error) {
    throw new CannotStart((error as Error).message);
  }
}

function settingsOfEnvironment(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    throw new CannotStart((error as Error).message);
  }
}
