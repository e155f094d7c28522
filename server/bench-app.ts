import type { RequestListener, Server } from "node:http";
import path from "node:path";
import type { RequestHandler } from "express";
import { projectFolder } from "../pipelines/settings.ts";
import { createApp } from "./app.ts";
import { Contracts } from "./contracts.ts";
import { listen } from "./listen.ts";
import { Operations } from "./operations.ts";
import { ownSession } from "./own-session.ts";
import { Pipelines } from "./pipelines.ts";
import { Snapshots } from "./snapshot.ts";
import { Workspace } from "./workspace/workspace.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A home as measurements serve it, by one process that also asks. */
export interface BenchApp {
  /** The cookie of somebody who sees everything. */
  cookie: string;
  /** Another server of it, on a free port; `cacheBytes` as in `Services`. */
  serve(cacheBytes?: number): Promise<Server>;
  close(): Promise<void>;
}

/** `extra` answers before all routes. */
export async function openBenchApp(home: string, extra: RequestHandler): Promise<BenchApp> {
  const published = path.join(home, "published");
  const snapshots = await Snapshots.open({ published, threads: 2, timeZone: "Europe/Amsterdam", log });
  await snapshots.refresh();
  const { sessions, cookie } = await ownSession(home, { name: "bench", roles: ["control"], units: [] });
  const operations = new Operations(path.join(home, "operations.duckdb"));
  const servers: Server[] = [];
  return {
    cookie,
    async serve(cacheBytes) {
      const app = createApp({
        ...{ snapshots, operations, sessions, log, extra },
        contracts: new Contracts(path.join(projectFolder, "pipelines", "contracts")),
        pipelines: new Pipelines(home),
        workspace: new Workspace(path.join(home, "workspace.duckdb")),
        audit: path.join(home, "audit"),
        maxFileBytes: 64 * 1024 * 1024,
        limits: null,
        version: "bench",
        ...(cacheBytes === undefined ? {} : { cacheBytes }),
      });
      const server = await listen(app as RequestListener, "127.0.0.1", 0);
      servers.push(server);
      return server;
    },
    async close() {
      for (const server of servers) server.close();
      operations.close();
      await snapshots.close();
    },
  };
}
