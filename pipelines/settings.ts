import path from "node:path";
import { fileURLToPath } from "node:url";
import { logLevels, type LogLevel } from "./log-level.ts";
import { addressRule, type AddressRule } from "./sources/addresses.ts";
import { heldSecret } from "./sources/secret.ts";

/** One setting: an environment variable with its default and what it does. */
export interface Setting {
  name: string;
  default: string;
  help: string;
  /** Whether its value may hold a password: it is never printed. */
  secret?: boolean;
}

/** Every setting of the monitor; `kvv settings` prints this list and README names each. */
export const settings = [
  {
    name: "KVV_HOME",
    default: "./var",
    help: "Folder of everything the monitor keeps: inbox, archive, warehouse, snapshots",
  },
  {
    name: "KVV_CONFIG",
    default: "",
    help: "Folder with contracts, indicators, targets and schedule; empty: those of the project",
  },
  { name: "PORT", default: "3000", help: "Port of the server; 0 takes a free one" },
  { name: "KVV_HOST", default: "127.0.0.1", help: "Address the server listens on" },
  { name: "KVV_TIME_ZONE", default: "Europe/Amsterdam", help: "Time zone of the schedule and of 'today'" },
  {
    name: "KVV_NOW",
    default: "",
    help: "Fixed clock (ISO date and time), for replays and tests; empty: the real clock",
  },
  { name: "KVV_DEMO_SEED", default: "2016", help: "Seed of the demo data" },
  { name: "KVV_MEMORY", default: "800MB", help: "Memory limit of the warehouse's database engine" },
  { name: "KVV_THREADS", default: "2", help: "Threads of the database engine" },
  {
    name: "KVV_DRAFT_SECONDS",
    default: "5",
    help: "Longest time that the machine may work for a draft of an indicator; in all it may take twice as long",
  },
  {
    name: "KVV_DRAFT_MEMORY",
    default: "512MB",
    help: "Memory limit of the database engine that drafts of indicators are run in, in a process of its own",
  },
  { name: "KVV_MAX_FILE_MB", default: "2048", help: "Largest file that is read, in megabytes, unzipped" },
  { name: "KVV_MAX_LINE_KB", default: "1024", help: "Longest line that is read, in kilobytes" },
  {
    name: "KVV_MAX_MEMORY_MB",
    default: "1024",
    help: "Most of a file that is held in memory, in megabytes: one about persons, a spreadsheet as it is on disk",
  },
  { name: "KVV_MAX_COLUMNS", default: "1000", help: "Most columns that a file may have" },
  { name: "KVV_MAX_CELLS", default: "100000000", help: "Most cells or fields in a spreadsheet, JSON or Parquet file" },
  { name: "KVV_MAX_DEPTH", default: "16", help: "How deep values may lie within values in JSON" },
  { name: "KVV_MAX_ZIP_ENTRIES", default: "2000", help: "Most entries in the zip file that a spreadsheet is" },
  {
    name: "KVV_MAX_QUARANTINED",
    default: "0.05",
    help: "Largest share of a file's rows that may be quarantined before the file is refused",
  },
  {
    name: "KVV_MAX_CHANGE",
    default: "0.5",
    help: "Largest change of a replace load's total against the last load of the same coverage",
  },
  { name: "KVV_INBOX_SECONDS", default: "2", help: "Seconds between two looks into the inbox" },
  {
    name: "KVV_ALLOW_PRIVATE_SOURCES",
    default: "",
    help: "Private addresses that sources and webhooks may have: networks such as 10.1.0.0/16,192.168.3.4, or yes for all; empty: none",
  },
  { name: "KVV_SOURCE_SECONDS", default: "300", help: "Longest time that fetching a source may take" },
  {
    name: "KVV_ADDRESS",
    default: "",
    help: "Address at which people read the monitor, for links in messages; empty: that of the server itself",
  },
  {
    name: "KVV_WEBHOOK_URL",
    default: "",
    help: "Address that is told as JSON when a feed is overdue, fails, is refused or is well again; empty: none",
    secret: true,
  },
  {
    name: "KVV_SMTP_URL",
    default: "",
    help: "Mail server for the same and for reminders of reviews, by data/owners.yaml, such as smtps://user:password@mail.example.org; empty: no mail",
    secret: true,
  },
  { name: "KVV_MAIL_FROM", default: "kvv-monitor@localhost", help: "Sender of the mail" },
  {
    name: "KVV_KEEP_SNAPSHOTS",
    default: "60",
    help: "Number of snapshots kept; besides, always the current one and the last of each half-year",
  },
  {
    name: "KVV_LAKE",
    default: "",
    help: "Folder into which each snapshot is written as Parquet too, for other engines to read; empty: none",
  },
  {
    name: "KVV_KEEP_ARCHIVE_MONTHS",
    default: "84",
    help: "Whole months that a load keeps a file of its own in the archive; of older ones stays what still counts; 0: for ever",
  },
  {
    name: "KVV_KEEP_BACKGROUND_MONTHS",
    default: "60",
    help: "Whole months that the archive keeps people's backgrounds that were replaced since; 0: for ever",
  },
  {
    name: "KVV_KEEP_QUARANTINE_MONTHS",
    default: "12",
    help: "Whole months that quarantined rows, refusals and runs are kept; 0: for ever",
  },
  {
    name: "KVV_KEEP_FILES_DAYS",
    default: "30",
    help: "Days that files from the inbox are kept in its folders done and refused; 0: for ever",
  },
  {
    name: "KVV_OIDC_ISSUER",
    default: "",
    help: "Address of the OpenID Connect provider at which people sign in; empty: nobody does, and only this machine is served",
  },
  { name: "KVV_OIDC_CLIENT_ID", default: "", help: "What the monitor is called at that provider" },
  {
    name: "KVV_OIDC_CLIENT_SECRET",
    default: "",
    help: "Its secret there; empty for a public client",
    secret: true,
  },
  {
    name: "KVV_SESSION_IDLE_MINUTES",
    default: "60",
    help: "Minutes without a question after which somebody who is signed in must sign in anew",
  },
  {
    name: "KVV_KEEP_AUDIT_MONTHS",
    default: "84",
    help: "Whole months that is kept who did what; 0: for ever",
  },
  { name: "KVV_SESSION_HOURS", default: "10", help: "Hours after which everyone must sign in anew" },
  {
    name: "KVV_PUBLISHED_URL",
    default: "",
    help: "Address of a folder with snapshots that are published elsewhere, such as https://kvv-1.example.org/published/; they are fetched into this home, for kvv serve; empty: they are made here",
  },
  {
    name: "KVV_PUBLISHED_TOKEN",
    default: "",
    help: "Secret that is shown there; without that address, the one that others must show to fetch from this server's /published/; empty: nobody may. KVV_PUBLISHED_TOKEN_FILE names a file with it",
    secret: true,
  },
  {
    name: "KVV_PUBLISHED_SECONDS",
    default: "5",
    help: "Seconds between two looks at KVV_PUBLISHED_URL",
  },
  {
    name: "KVV_WRITES_URL",
    default: "",
    help: "Address of the server with which lives what people write, on another machine; empty: it lives in this home",
  },
  {
    name: "KVV_SERVERS_SECRET",
    default: "",
    help: "Secret that the servers of several machines share: who holds it speaks for whoever is signed in; empty: this home is alone. KVV_SERVERS_SECRET_FILE names a file with it",
    secret: true,
  },
  {
    name: "KVV_LOG_LEVEL",
    default: "warn",
    help: "What is logged as lines of JSON on the standard error output: error, warn, or info for each request and run too",
  },
  {
    name: "KVV_STOP_SECONDS",
    default: "20",
    help: "Seconds that answers and loads under way may still take when the monitor is told to stop",
  },
  {
    name: "KVV_PREBUILT",
    default: "",
    help: "yes: programs and pages are used as npm run build made them, and nothing is written beside the code; empty: made when they changed",
  },
] as const satisfies readonly Setting[];

export type SettingName = (typeof settings)[number]["name"];

/** The settings as the program uses them: paths are absolute, numbers are numbers. */
export interface Settings {
  home: string;
  /** Folder with `pipelines/contracts`, `pipelines/indicators`, `data/…`. */
  config: string;
  port: number;
  host: string;
  timeZone: string;
  fixedNow: Date | null;
  demoSeed: number;
  memory: string;
  threads: number;
  draftMs: number;
  /** As the database engine writes it. */
  draftMemory: string;
  maxFileBytes: number;
  maxLineBytes: number;
  maxMemoryBytes: number;
  maxColumns: number;
  maxCells: number;
  maxDepth: number;
  maxZipEntries: number;
  maxQuarantined: number;
  maxChange: number;
  inboxSeconds: number;
  privateSources: AddressRule;
  sourceSeconds: number;
  /** Without a slash at its end. */
  address: string;
  webhookUrl: string;
  smtpUrl: string;
  mailFrom: string;
  keepSnapshots: number;
  /** Empty for none. */
  lake: string;
  /** These are 0 for what is kept for ever. */
  keepArchiveMonths: number;
  keepBackgroundMonths: number;
  keepQuarantineMonths: number;
  keepFilesDays: number;
  keepAuditMonths: number;
  oidcIssuer: string;
  oidcClientId: string;
  oidcClientSecret: string;
  sessionIdleMs: number;
  sessionLongestMs: number;
  /** Empty: snapshots are made here. */
  publishedUrl: string;
  publishedToken: string;
  publishedMs: number;
  /** Empty: what people write lives here. */
  writesUrl: string;
  serversSecret: string;
  logLevel: LogLevel;
  stopMs: number;
  prebuilt: boolean;
}

/** In characters. */
const shortestSecret = 32;

/** The checkout itself: where the project's own definitions lie. */
export const projectFolder = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Reads the settings from environment variables; throws with the name and the value of one that makes no sense. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const text = (name: SettingName) => env[name]?.trim() || settings.find((s) => s.name === name)!.default;
  const number = (name: SettingName, least = 0) => {
    const value = Number(text(name));
    if (!Number.isFinite(value) || value < least)
      throw new Error(`setting ${name}: "${text(name)}" is not a number of at least ${least}`);
    return value;
  };
  const size = (name: SettingName) => {
    if (!/^\d+(\.\d+)? ?[KMG]i?B$/i.test(text(name)))
      throw new Error(`setting ${name}: "${text(name)}" is no size; write for example 512MB`);
    return text(name);
  };
  const rule = (name: SettingName) => {
    try {
      return addressRule(text(name));
    } catch (error) {
      throw new Error(`setting ${name}: ${(error as Error).message}`, { cause: error });
    }
  };
  const url = (name: SettingName, protocols: RegExp) => {
    const value = text(name);
    // The value may hold a password, so it is not repeated.
    if (value && !(URL.canParse(value) && protocols.test(new URL(value).protocol)))
      throw new Error(`setting ${name} is not an address of its kind; kvv settings tells how it is written`);
    return value;
  };
  const oneOf = <T extends string>(name: SettingName, values: readonly T[]): T => {
    const found = values.find((each) => each === text(name));
    if (found === undefined)
      throw new Error(`setting ${name}: "${text(name)}" is none of ${values.map((each) => `"${each}"`).join(", ")}`);
    return found;
  };
  const secret = (name: SettingName) => {
    const value = heldSecret(name, env).trim();
    if (/change-me|[^\x21-\x7e]/i.test(value))
      throw new Error(
        `setting ${name} is that of the example, or has spaces or letters that no header takes; make one with: openssl rand -base64 32`,
      );
    // Whoever guesses it has the figures, or speaks for others.
    if (value !== "" && value.length < shortestSecret)
      throw new Error(
        `setting ${name} is shorter than ${shortestSecret} characters; make one with: openssl rand -base64 32`,
      );
    return value;
  };
  const fixed = text("KVV_NOW");
  const fixedNow = fixed ? new Date(fixed) : null;
  if (fixedNow && Number.isNaN(fixedNow.getTime()))
    throw new Error(`setting KVV_NOW: "${fixed}" is not a date; write for example 2026-07-01T08:00:00Z`);
  return {
    home: path.resolve(text("KVV_HOME")),
    config: text("KVV_CONFIG") ? path.resolve(text("KVV_CONFIG")) : projectFolder,
    port: number("PORT"),
    host: text("KVV_HOST"),
    timeZone: text("KVV_TIME_ZONE"),
    fixedNow,
    demoSeed: number("KVV_DEMO_SEED"),
    memory: text("KVV_MEMORY"),
    threads: number("KVV_THREADS", 1),
    draftMs: number("KVV_DRAFT_SECONDS", 0.1) * 1000,
    draftMemory: size("KVV_DRAFT_MEMORY"),
    maxFileBytes: number("KVV_MAX_FILE_MB", 1) * 1024 * 1024,
    maxLineBytes: number("KVV_MAX_LINE_KB", 1) * 1024,
    maxMemoryBytes: number("KVV_MAX_MEMORY_MB", 1) * 1024 * 1024,
    maxColumns: number("KVV_MAX_COLUMNS", 1),
    maxCells: number("KVV_MAX_CELLS", 1),
    maxDepth: number("KVV_MAX_DEPTH", 1),
    maxZipEntries: number("KVV_MAX_ZIP_ENTRIES", 1),
    maxQuarantined: number("KVV_MAX_QUARANTINED"),
    maxChange: number("KVV_MAX_CHANGE"),
    inboxSeconds: number("KVV_INBOX_SECONDS", 0.1),
    privateSources: rule("KVV_ALLOW_PRIVATE_SOURCES"),
    sourceSeconds: number("KVV_SOURCE_SECONDS", 1),
    address: (url("KVV_ADDRESS", /^https?:$/) || `http://${text("KVV_HOST")}:${text("PORT")}`).replace(/\/+$/, ""),
    webhookUrl: url("KVV_WEBHOOK_URL", /^https?:$/),
    smtpUrl: url("KVV_SMTP_URL", /^smtps?:$/),
    mailFrom: text("KVV_MAIL_FROM"),
    keepSnapshots: number("KVV_KEEP_SNAPSHOTS", 1),
    lake: text("KVV_LAKE") && path.resolve(text("KVV_LAKE")),
    keepArchiveMonths: number("KVV_KEEP_ARCHIVE_MONTHS"),
    keepBackgroundMonths: number("KVV_KEEP_BACKGROUND_MONTHS"),
    keepQuarantineMonths: number("KVV_KEEP_QUARANTINE_MONTHS"),
    keepFilesDays: number("KVV_KEEP_FILES_DAYS"),
    keepAuditMonths: number("KVV_KEEP_AUDIT_MONTHS"),
    oidcIssuer: url("KVV_OIDC_ISSUER", /^https?:$/),
    oidcClientId: text("KVV_OIDC_CLIENT_ID"),
    oidcClientSecret: text("KVV_OIDC_CLIENT_SECRET"),
    sessionIdleMs: number("KVV_SESSION_IDLE_MINUTES", 1) * 60_000,
    sessionLongestMs: number("KVV_SESSION_HOURS", 0.1) * 3_600_000,
    publishedUrl: url("KVV_PUBLISHED_URL", /^https?:$/),
    publishedToken: secret("KVV_PUBLISHED_TOKEN"),
    publishedMs: number("KVV_PUBLISHED_SECONDS", 0.2) * 1000,
    writesUrl: url("KVV_WRITES_URL", /^https?:$/),
    serversSecret: secret("KVV_SERVERS_SECRET"),
    logLevel: oneOf("KVV_LOG_LEVEL", logLevels),
    stopMs: number("KVV_STOP_SECONDS") * 1000,
    prebuilt: oneOf("KVV_PREBUILT", ["", "yes"]) === "yes",
  };
}
