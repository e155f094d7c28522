import type { RequestHandler } from "express";
import type { Logger } from "pino";
import type { AuditLog } from "./audit.ts";
import type { CycleFile } from "./calendar/cycle.ts";
import type { Contracts } from "./contracts.ts";
import type { Operations } from "./operations.ts";
import type { Pages } from "./pages.ts";
import type { Pipelines } from "./pipelines.ts";
import type { Limits } from "./rate-limit.ts";
import type { RegisterOptions } from "./register/registers.ts";
import type { RoleMapping } from "./role-mapping.ts";
import type { Fetcher } from "./servers/fetcher.ts";
import type { Receiver } from "./servers/receiver.ts";
import type { Writes } from "./servers/writes.ts";
import type { Sessions } from "./session.ts";
import type { Snapshots } from "./snapshot.ts";
import type { Publisher } from "./workbench/publisher.ts";
import type { DefinitionTexts } from "./workbench/standing-texts.ts";
import type { Workspace } from "./workspace/workspace.ts";

/** What the app works with. */
export interface Services {
  snapshots: Snapshots;
  operations: Operations;
  contracts: Contracts;
  pipelines: Pipelines;
  workspace: Workspace;
  sessions: Sessions;
  /** The folder in which is written who did what. */
  audit: string;
  /** Whole months that it is kept; 0 or left out: for ever. */
  keepAuditMonths?: number;
  /** Where people sign in; left out, they choose who they are, on this machine only. */
  signIn?: { issuer: string; clientId: string; clientSecret: string; mapping: RoleMapping };
  /** What comes back; left out, nothing does. */
  cycle?: CycleFile;
  /** Where definitions lie; left out, those of the project itself, beside what people write. */
  definitions?: DefinitionTexts;
  /** Of approved drafts; left out, they wait. */
  publisher?: Pick<Publisher, "tick">;
  /** The log of who did what, where others write in it too; left out, one is opened. */
  auditLog?: AuditLog;
  /** What the register of processing is made of besides contracts; left out, the settings as they are by default. */
  register?: Omit<RegisterOptions, "contracts">;
  /** Largest upload. */
  maxFileBytes: number;
  /** How much one session may ask; the usual where left out, null: as much as it likes. */
  limits?: Limits | null;
  /** Where readers reach the monitor, for links in documents that leave it; left out, as they asked. */
  address?: string;
  log: Pick<Logger, "info" | "warn" | "error">;
  /** Names the code that makes the answers: other code, other ETags. */
  version: string;
  /** The web's files, or its development server; none: the API only. */
  pages?: Pages;
  /** The folder `published` and the secret for which other servers may fetch from it; left out, none may. */
  offers?: { published: string; token: string };
  /** What brings snapshots that are published elsewhere; left out, they are made here. */
  fetcher?: Pick<Fetcher, "trouble" | "failures" | "lookedAt">;
  /** Takes what other servers pass on; left out, they pass on nothing. */
  receiver?: Receiver;
  /** The server with which lives what people write; left out, it lives here. */
  writes?: Pick<Writes, "passOn" | "isThere" | "turn" | "trouble" | "operations" | "faults" | "look">;
  /** Bytes of answers kept ready. */
  cacheBytes?: number;
  /** How long a body that nobody wants may take until its connection is cut off. */
  drainMs?: number;
  now?: () => Date;
  /** Answers before all routes; for measurements. */
  extra?: RequestHandler;
}
