import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import pino from "pino";
import { createApp } from "../../server/app.ts";
import { codeVersion } from "../../server/code-version.ts";
import { Contracts } from "../../server/contracts.ts";
import { Operations } from "../../server/operations.ts";
import { Pipelines } from "../../server/pipelines.ts";
import { ownSession } from "../../server/own-session.ts";
import { Snapshots } from "../../server/snapshot.ts";
import { Workspace } from "../../server/workspace/workspace.ts";
import { everybody, projectContracts } from "./serve-fixture.ts";

/** The server at work on a home. */
export interface Served {
  /** Rows of a route below `/api/v1`. */
  get<Row>(route: string): Promise<Row[]>;
  stop(): Promise<void>;
}

/** Serves what a home has published, on a free port. */
export async function serveHome(home: string): Promise<Served> {
  const log = pino({ level: "error" });
  const snapshots = await Snapshots.open({
    published: path.join(home, "published"),
    threads: 2,
    timeZone: "Europe/Amsterdam",
    log,
  });
  await snapshots.refresh();
  const operations = new Operations(path.join(home, "operations.duckdb"));
  const { sessions, cookie } = await ownSession(home, everybody);
  const headers = { cookie };
  const app = createApp({
    snapshots,
    ...{ sessions, audit: path.join(home, "audit") },
    operations,
    contracts: new Contracts(projectContracts),
    pipelines: new Pipelines(home),
    workspace: new Workspace(path.join(home, "workspace.duckdb")),
    maxFileBytes: 64 * 1024 * 1024,
    limits: null,
    log,
    version: codeVersion(),
  });
  const server = await new Promise<Server>((resolve, reject) => {
    const listening = app.listen(0, "127.0.0.1", (error) => (error ? reject(error) : resolve(listening)));
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
  return {
    async get<Row>(route: string) {
      const answer = await fetch(address + route, { headers });
      if (!answer.ok) throw new Error(`${route}: ${await answer.text()}`);
      return (await answer.json()) as Row[];
    },
    async stop() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      operations.close();
      await snapshots.close();
    },
  };
}
