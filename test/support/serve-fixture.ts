import { existsSync } from "node:fs";
import type { RequestListener } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Express } from "express";
import pino from "pino";
import { addressRule, resolveName } from "../../pipelines/sources/addresses.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { createApp } from "../../server/app.ts";
import { AuditLog } from "../../server/audit.ts";
import type { Services } from "../../server/services.ts";
import { codeVersion } from "../../server/code-version.ts";
import { CycleFile } from "../../server/calendar/cycle.ts";
import { Contracts } from "../../server/contracts.ts";
import { addressOf, listen, type Patience } from "../../server/listen.ts";
import { Operations } from "../../server/operations.ts";
import { Pipelines } from "../../server/pipelines.ts";
import { roles } from "../../server/access.ts";
import { ownSession } from "../../server/own-session.ts";
import { cookieName, nameOfCookie, type Sessions } from "../../server/session.ts";
import { keysOf } from "../../server/servers/keys.ts";
import { Receiver } from "../../server/servers/receiver.ts";
import { Writes } from "../../server/servers/writes.ts";
import { Snapshots } from "../../server/snapshot.ts";
import type { User } from "../../server/user.ts";
import { monitorName, Publisher } from "../../server/workbench/publisher.ts";
import { DefinitionTexts } from "../../server/workbench/standing-texts.ts";
import { Workspace } from "../../server/workspace/workspace.ts";
import { makeOperations, makeSnapshot, temporaryHome, type SnapshotSpec } from "./snapshot.ts";

/** The contracts of the project itself. */
export const projectContracts = path.join(projectFolder, "pipelines", "contracts");

/** The server at work on a snapshot of the fixture. */
export interface Fixture {
  home: string;
  /** `http://127.0.0.1:<port>`. */
  address: string;
  app: Express;
  snapshots: Snapshots;
  sessions: Sessions;
  /** The cookie header of somebody who may all. */
  cookie: string;
  /** The cookie header of somebody else. */
  cookieOf(user: User): Promise<string>;
  publisher: Publisher;
  /** Looks how the server is with which lives what people write. */
  look(): Promise<void>;
  /** Lets go of what people write, until it is asked for again. */
  release(): Promise<void>;
  stop(): Promise<void>;
}

export interface FixtureOptions extends SnapshotSpec {
  port?: number;
  /** False: no snapshot yet. */
  snapshot?: boolean;
  pages?: Services["pages"];
  log?: Services["log"];
  idleMs?: number;
  timeoutMs?: number;
  cacheBytes?: number;
  drainMs?: number;
  /** The home whose pipelines it reaches; its own where left out, which has none. */
  pipelinesHome?: string;
  /** The home whose snapshots it serves; its own where left out. */
  publishedHome?: string;
  /** Where definitions lie; the project's own where left out. */
  config?: string;
  maxFileBytes?: number;
  /** What comes back; as the project says where left out. */
  cycle?: string;
  /** The start of an assessment of risks; as the project says where left out. */
  assessment?: string;
  now?: () => Date;
  /** Where people sign in for real. */
  signIn?: Services["signIn"];
  address?: string;
  extra?: Services["extra"];
  /** The secret for which others may fetch what is published; none may where left out. */
  publishedToken?: string;
  fetcher?: Services["fetcher"];
  /** The secret that it shares with other servers. */
  serversSecret?: string;
  /** The server with which lives what people write; here where left out. */
  writesUrl?: string;
  /** What one session may ask; as much as it likes where left out, as tests do. */
  limits?: Services["limits"];
  /** Statements run on the file of the pipelines' work in the end. */
  operationsBesides?: string[];
  /** How long the server listens to somebody. */
  patience?: Partial<Patience>;
}

/** Whoever may all that there is to do. */
export const everybody: User = { name: "lokaal", roles: [...roles], units: ["politie"] };

/** Makes a home with a snapshot, and serves it on a free port. */
export async function serveFixture(options: FixtureOptions = {}): Promise<Fixture> {
  const { home, remove } = temporaryHome();
  if (options.snapshot !== false) {
    await makeSnapshot(home, options);
    await makeOperations(home, 2, options.operationsBesides);
  }
  const log = options.log ?? pino({ level: "error" });
  const snapshots = await Snapshots.open({
    published: path.join(options.publishedHome ?? home, "published"),
    threads: 2,
    timeZone: "Europe/Amsterdam",
    log,
    ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
  });
  await snapshots.refresh();
  const operations = new Operations(path.join(home, "operations.duckdb"));
  const workspace = new Workspace(path.join(home, "workspace.duckdb"));
  const keys = options.serversSecret === undefined ? undefined : keysOf(options.serversSecret);
  const { sessions } = await ownSession(home, everybody, options.signIn?.issuer, keys?.sessions);
  const writes =
    keys && options.writesUrl !== undefined
      ? new Writes({
          ...{ url: options.writesUrl, keys, sessions, log, rule: addressRule("127.0.0.1"), resolve: resolveName },
        })
      : undefined;
  await writes?.look();
  if (writes) sessions.onEnd = () => void writes.look();
  const name = nameOfCookie(cookieName, options.address?.startsWith("https:") ?? false);
  const cookieOf = async (user: User) => `${name}=${await sessions.begin(user)}`;
  const now = options.now ?? (() => new Date());
  const pipelines = new Pipelines(options.pipelinesHome ?? home);
  const auditLog = new AuditLog({ folder: path.join(home, "audit"), keepMonths: 0, now: () => new Date() });
  const publisher = new Publisher({
    ...{ workspace, pipelines, now, log },
    dayOf: (at) => snapshots.dayOf(at),
    record: (told) => void auditLog.append({ user: monitorName, roles: [], ...told }),
  });
  const app = createApp({
    snapshots,
    operations,
    workspace,
    sessions,
    ...{ audit: path.join(home, "audit"), auditLog, publisher },
    definitions: new DefinitionTexts({ config: options.config ?? projectFolder, home: options.pipelinesHome ?? home }),
    ...(options.signIn ? { signIn: options.signIn } : {}),
    ...(options.address ? { address: options.address } : {}),
    now,
    contracts: new Contracts(projectContracts),
    cycle: new CycleFile(options.cycle ?? path.join(projectFolder, "data", "cycle.yaml")),
    register: { assessment: options.assessment ?? path.join(projectFolder, "data", "assessment.yaml") },
    pipelines,
    maxFileBytes: options.maxFileBytes ?? 64 * 1024 * 1024,
    limits: options.limits ?? null,
    log,
    version: codeVersion(),
    ...(options.pages ? { pages: options.pages } : {}),
    ...(options.extra ? { extra: options.extra } : {}),
    ...(options.publishedToken
      ? { offers: { published: path.join(home, "published"), token: options.publishedToken } }
      : {}),
    ...(options.fetcher ? { fetcher: options.fetcher } : {}),
    ...(writes ? { writes } : {}),
    ...(keys && !writes ? { receiver: new Receiver({ keys, sessions, operations, log }) } : {}),
    ...(options.cacheBytes === undefined ? {} : { cacheBytes: options.cacheBytes }),
    ...(options.drainMs === undefined ? {} : { drainMs: options.drainMs }),
  });
  const server = await listen(app as RequestListener, "127.0.0.1", options.port ?? 0, options.patience);
  return {
    home,
    address: addressOf(server),
    app,
    snapshots,
    sessions,
    ...{ cookieOf, publisher },
    look: async () => writes?.look(),
    cookie: await cookieOf(everybody),
    release: () => workspace.close(),
    async stop() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await publisher.stop();
      writes?.close();
      operations.close();
      await workspace.close();
      await snapshots.close();
      remove();
    },
  };
}

// By hand: `npx tsx test/support/serve-fixture.ts`, with PORT for a port of your choice.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = path.join(projectFolder, "web", "dist");
  const fixture = await serveFixture({
    port: Number(process.env.PORT ?? 3000),
    ...(existsSync(folder) ? { pages: { dev: false, folder } } : {}),
  });
  process.stdout.write(`the fixture is served at ${fixture.address}; stop it with Ctrl-C\n`);
  process.once("SIGINT", () => void fixture.stop().then(() => process.exit(0)));
}
