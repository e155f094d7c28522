import { mkdirSync } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import type { Logger } from "pino";
import { identifier, literal } from "../pipelines/database.ts";
import { nameOfScope, type Scope } from "./access.ts";
import { readCatalogue, type Catalogue } from "./catalogue.ts";
import { fileOf, listSnapshots, readManifest, readPointer, verifyHash, type Manifest } from "./manifest.ts";
import { Problem, shown } from "./problem.ts";
import { createQueries, Turns, type Parameters, type Queries } from "./queries.ts";
import { catalogueIn, forceOf, shownIn, viewOf, type TableShape } from "./scope.ts";
import { seriesKinds } from "./series-row.ts";
import type { Kind, Table } from "./table.ts";
import { makeTotals, mostTotals, placed, topsIn, totalsIn, type Figures } from "./totals.ts";

/** An open snapshot; its tables go by their own names, besides `totals` and `tops`. */
export interface Snapshot {
  manifest: Manifest;
  catalogue: Catalogue;
  /** The field of figures as it is selected from one of their tables: texts as codes of this snapshot's words, numbers as DOUBLE. */
  column(name: string, figures?: Figures): string;
  /** Whether rows of `totals` and `tops` have their `place`. */
  placed: boolean;
  query(sql: string, parameters?: Parameters): Promise<Table>;
}

export interface SnapshotOptions {
  /** The folder `published`. */
  published: string;
  threads: number;
  timeZone: string;
  log: Pick<Logger, "info" | "error">;
  memory?: string;
  timeoutMs?: number;
  /** How long a snapshot of the past stays open after its last question. */
  idleMs?: number;
  /** So many totals of a snapshot are copied into memory; where there are more, the series has them. */
  mostTotals?: number;
  /** Where snapshots are fetched from elsewhere: which there are, also those that were not fetched; null while nobody told. */
  listed?: () => readonly { snapshot: string; published_at: string }[] | null;
}

/** The published snapshots as somebody may see them. */
export type ScopedSnapshots = Pick<Snapshots, "manifest" | "dayOf" | "use" | "useNamed">;

/** A snapshot as a scope shows it: its tables are views without the rest. */
interface Narrowed extends Snapshot {
  schema: string;
  queries: Queries;
}

interface Copies {
  totals: string;
  tops: string;
  placed: boolean;
}

interface Opened extends Snapshot {
  /** Which file it is; another may come in its place, where this one was damaged. */
  file: string | null;
  alias: string;
  /** Where `totals` and `tops` come from: a database in memory for what is current, else the series itself. */
  copies: Copies;
  queries: Queries;
  types: string[];
  /** As scopes show it, by their names; those asked last stand last. */
  narrowed: Map<string, Promise<Narrowed>>;
  users: number;
  /** Not yet served: what is asked of it nobody waits for. */
  ahead: { now: boolean };
  /** No longer current: to be closed when nobody uses it. */
  retired: boolean;
  idle: NodeJS.Timeout | undefined;
}

const relationsOf = ({ totals, tops }: Copies): [name: string, relation: string][] => Object.entries({ totals, tops });

/** While one of them is read out, the engine works on the other. */
const questionsPerThread = 2;
const retryMs = 30_000;
/** A snapshot is kept ready for so many scopes that nobody asks just now. */
const mostScopes = 40;

/** Why a snapshot cannot be served, for whoever looks from outside; all of it is in the log. */
function reasonOf(error: Error): string {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return "its files are not there";
  return /hash differs/.test(error.message) ? "it is not what was published" : "it cannot be read; see the log";
}

const isBounded = ({ parts }: Scope): boolean => !parts.some(({ reach }) => reach === "all");

/** With one user more. */
function counted(snapshot: Opened): Opened {
  snapshot.users += 1;
  return snapshot;
}

/**
 * The published snapshots, read-only: one engine without a way out of the folder, each snapshot attached under a name of its own.
 * A question holds its snapshot until the answer is out of the engine, so a switch disturbs nobody.
 */
export class Snapshots {
  private readonly options: Required<SnapshotOptions>;
  private readonly instance: DuckDBInstance;
  private readonly admin: DuckDBConnection;
  /** Makes what scopes are shown: whoever asks for the first time does not wait until a snapshot is opened. */
  private readonly narrower: DuckDBConnection;
  private readonly turns: Turns;
  /** Writes a day as ISO does. */
  private readonly days: Intl.DateTimeFormat;
  private day = { minute: NaN, is: "" };
  private readonly opened = new Map<string, Promise<Opened>>();
  /** Open still, though another file has their name. */
  private readonly replaced = new Set<Opened>();
  private readonly manifests = new Map<string, Manifest>();
  private readonly verified = new Set<string>();
  /** What is done with a new snapshot before it is served in the place of another: it is given as each scope will show it. */
  beforeServing: (scoped: (scope: Scope) => ScopedSnapshots, snapshot: string) => Promise<void> = () =>
    Promise.resolve();
  private current: Opened | null = null;
  private refreshing: Promise<boolean> | null = null;
  private refused: { name: string | null; file: string | null; message: string; reason: string; at: number } | null =
    null;
  private lost: string | null = null;
  private count = 0;
  private last: Promise<unknown> = Promise.resolve();
  private lastNarrowed: Promise<unknown> = Promise.resolve();

  private constructor(
    options: Required<SnapshotOptions>,
    instance: DuckDBInstance,
    [admin, narrower]: [DuckDBConnection, DuckDBConnection],
  ) {
    this.options = options;
    this.days = new Intl.DateTimeFormat("en-CA", { timeZone: options.timeZone });
    this.turns = new Turns(questionsPerThread * options.threads);
    this.instance = instance;
    this.admin = admin;
    this.narrower = narrower;
  }

  /** Starts the engine; serves what `published/current` names, if anything, after the first `refresh`. */
  static async open(options: SnapshotOptions): Promise<Snapshots> {
    const all = { memory: "512MB", timeoutMs: 10_000, idleMs: 20_000, mostTotals, listed: () => [], ...options };
    mkdirSync(all.published, { recursive: true });
    const instance = await DuckDBInstance.create(":memory:", {
      threads: String(all.threads),
      memory_limit: all.memory,
    });
    const admin = await instance.connect();
    await admin.run("set temp_directory = ''");
    await admin.run(`set allowed_directories = [${literal(all.published)}]`);
    await admin.run("set enable_external_access = false");
    await admin.run("set lock_configuration = true");
    return new Snapshots(all, instance, [admin, await instance.connect()]);
  }

  /** The manifest of what is served; null before the first snapshot. */
  get manifest(): Manifest | null {
    return this.current?.manifest ?? null;
  }

  /** The day on which a moment falls where the monitor's people are. */
  dayOf(moment: Date): string {
    // No zone changes its day within a minute.
    const minute = Math.floor(moment.getTime() / 60_000);
    if (minute !== this.day.minute) this.day = { minute, is: this.days.format(moment) };
    return this.day.is;
  }

  /** Switches to what the pointer names. True where that changed what is served; a snapshot that cannot be served is logged once and what was served stays. */
  refresh(): Promise<boolean> {
    this.refreshing ??= this.lookForNew().finally(() => (this.refreshing = null));
    return this.refreshing;
  }

  private async lookForNew(): Promise<boolean> {
    const fresh = await this.inTurn(() => this.findFresh());
    if (!fresh) return false;
    try {
      if (this.current) await this.beforeServing((scope) => this.aheadIn(fresh, scope), fresh.manifest.snapshot);
    } catch (error) {
      this.options.log.error({ err: error }, "a new snapshot could not be made ready");
    }
    return this.inTurn(async () => {
      fresh.users -= 1;
      fresh.ahead.now = false;
      this.retire(this.current);
      this.current = fresh;
      this.refused = null;
      this.lost = null;
      clearTimeout(fresh.idle);
      fresh.retired = false;
      return true;
    });
  }

  /** The snapshot that the pointer names, held, where it is not the one that is served and can be. */
  private async findFresh(): Promise<Opened | null> {
    let [name, file]: [string | null, string | null] = [null, null];
    try {
      name = await readPointer(this.options.published);
      this.lost = await this.findLost(name);
      file = name && (await fileOf(this.options.published, name));
      const isServed = name === this.current?.manifest.snapshot && (!file || file === this.current?.file);
      if (!name || isServed) {
        this.refused = null;
        return null;
      }
      return this.isRefused(name, file) ? null : counted(await this.find(name, true));
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.refused?.message) this.options.log.error({ err: error }, "snapshot refused");
      this.refused = { name, file, message, reason: reasonOf(error as Error), at: Date.now() };
      return null;
    }
  }

  /** A snapshot that is not served yet, as a scope will show it. */
  private aheadIn(fresh: Opened, scope: Scope): ScopedSnapshots {
    const { snapshot: name } = fresh.manifest;
    const now: ScopedSnapshots["use"] = async (_day, ask) =>
      this.askOf(counted(fresh), async (snapshot) =>
        ask(isBounded(scope) ? await this.narrow(fresh, scope) : snapshot),
      );
    // What was on a day, or is asked by its name, is what it will be then too.
    const others = this.in(scope);
    return {
      manifest: fresh.manifest,
      dayOf: (moment) => this.dayOf(moment),
      use: (day, ask) => (day === undefined ? now(day, ask) : others.use(day, ask)),
      useNamed: (asked, ask) => (asked === name ? now(undefined, ask) : others.useNamed(asked, ask)),
    };
  }

  /** What keeps the server from what it should serve, or from it after a new start; null where all is well. No paths, no words of the system. */
  get trouble(): string | null {
    if (!this.refused) return this.lost;
    const { name, reason } = this.refused;
    return name ? `snapshot ${name} cannot be served: ${reason}` : `what is published cannot be told: ${reason}`;
  }

  /** The engine has the files open that it serves, also when they are gone. */
  private async findLost(pointer: string | null): Promise<string | null> {
    const served = this.current?.manifest.snapshot;
    if (!served) return null;
    if (!pointer) return "published/current is gone: publish again before the server is stopped";
    const file = path.join(this.options.published, served, "series.duckdb");
    const there = await stat(file).catch(() => null);
    return there ? null : `the files of snapshot ${served} are gone: publish again before the server is stopped`;
  }

  /** What failed is tried again, but not at every look: each try reads the whole file. */
  private isRefused(name: string, file: string | null): boolean {
    return this.refused?.name === name && this.refused.file === file && Date.now() - this.refused.at < retryMs;
  }

  /** Asks the current snapshot, or the one that was current on that day. 503 before the first snapshot; 404 for a day before it. */
  async use<T>(day: string | undefined, ask: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    return this.askOf(await this.hold(day), ask);
  }

  /** Asks the snapshot of that name; 410 where it is kept no longer. */
  async useNamed<T>(name: string, ask: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    const current = this.served();
    if (name === current.manifest.snapshot) return this.askOf(counted(current), ask);
    const there = (await listSnapshots(this.options.published)).includes(name);
    if (!there) throw new Problem(410, `snapshot ${shown(name)} is kept no longer`, { code: "gone-snapshot" });
    return this.askOf(await this.inTurn(async () => counted(await this.find(name))), ask);
  }

  /** The same snapshots, each without what a scope does not show. */
  in(scope: Scope): ScopedSnapshots {
    if (!isBounded(scope)) return this;
    const narrowed =
      <T>(ask: (snapshot: Snapshot) => Promise<T>) =>
      async (snapshot: Snapshot) =>
        ask(await this.narrow(snapshot as Opened, scope));
    return {
      manifest: this.manifest,
      dayOf: (moment) => this.dayOf(moment),
      use: (day, ask) => this.use(day, narrowed(ask)),
      useNamed: (name, ask) => this.useNamed(name, narrowed(ask)),
    };
  }

  private narrow(snapshot: Opened, scope: Scope): Promise<Narrowed> {
    const name = nameOfScope(scope);
    const known = snapshot.narrowed.get(name);
    const narrowed = known ?? this.narrowInTurn(() => this.makeNarrowed(snapshot, scope));
    snapshot.narrowed.delete(name);
    snapshot.narrowed.set(name, narrowed);
    if (!known) narrowed.catch(() => snapshot.narrowed.delete(name));
    return narrowed;
  }

  private async makeNarrowed(snapshot: Opened, scope: Scope): Promise<Narrowed> {
    const { catalogue, alias, manifest } = snapshot;
    const schema = `memory.${identifier(`scope_${++this.count}`)}`;
    // Known already: the engine would look through all that each scope is shown.
    const tables = [...catalogue.tables].map(([name, columns]): TableShape => ({ name, columns }));
    const shown = shownIn(scope, catalogue);
    await this.narrower.run(`create schema ${schema}`);
    const view = (table: TableShape, relation: string) => viewOf(table, relation, schema, shown, forceOf(catalogue));
    const views = tables.map((table) => view(table, `${alias}.${identifier(table.name)}`));
    const series = tables.find(({ name }) => name === "series")!;
    for (const [name, relation] of relationsOf(snapshot.copies)) views.push(view({ ...series, name }, relation));
    await this.narrower.run(views.join(";"));
    const { timeoutMs } = this.options;
    const queries = createQueries(this.instance, {
      setup: [`use ${schema}`],
      connections: 2,
      timeoutMs,
      turns: this.turns,
      isAhead: () => snapshot.ahead.now,
    });
    await this.forgetOldest(snapshot);
    return {
      ...{ manifest, schema, queries },
      catalogue: catalogueIn(shown, catalogue),
      ...{ column: snapshot.column, placed: snapshot.placed },
      query: (sql, parameters) => queries.query(sql, parameters),
    };
  }

  /** Lets go of the scopes that were asked longest ago, while nobody but the asker uses the snapshot. */
  private async forgetOldest(snapshot: Opened): Promise<void> {
    for (const [name, made] of snapshot.narrowed) {
      if (snapshot.narrowed.size <= mostScopes || snapshot.users > 1) return;
      snapshot.narrowed.delete(name);
      await this.dropNarrowed(await made.catch(() => null));
    }
  }

  private async dropNarrowed(narrowed: Narrowed | null): Promise<void> {
    if (!narrowed) return;
    narrowed.queries.close();
    await this.narrower.run(`drop schema ${narrowed.schema} cascade`);
  }

  private async askOf<T>(snapshot: Opened, ask: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    try {
      return await ask(snapshot);
    } finally {
      snapshot.users -= 1;
      this.closeWhenIdle(snapshot);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.last, this.lastNarrowed]);
    for (const each of [...this.opened.values(), ...this.replaced]) {
      const snapshot = await Promise.resolve(each).catch(() => null);
      clearTimeout(snapshot?.idle);
      snapshot?.queries.close();
      for (const made of snapshot?.narrowed.values() ?? []) (await made.catch(() => null))?.queries.close();
    }
    this.admin.closeSync();
    this.narrower.closeSync();
    this.instance.closeSync();
  }

  /** Counts a user in the same turn in which the snapshot was found, before anything can close it. */
  private async hold(day: string | undefined): Promise<Opened> {
    const current = this.served();
    const name = day === undefined ? current.manifest.snapshot : await this.nameOn(day);
    const now = this.served();
    return name === now.manifest.snapshot || day === undefined
      ? counted(now)
      : this.inTurn(async () => counted(await this.find(name)));
  }

  private served(): Opened {
    if (!this.current)
      throw new Problem(503, "no figures are published yet; the first snapshot is being made", {
        code: "no-snapshot",
        headers: { "Retry-After": "2" },
      });
    return this.current;
  }

  /** Name of the snapshot that was current at the end of that day. */
  private async nameOn(day: string): Promise<string> {
    const current = this.served().manifest;
    const here = new Map<string, string>();
    for (const name of await listSnapshots(this.options.published)) {
      const manifest = await this.manifestOf(name).catch(() => null);
      if (manifest) here.set(name, manifest.published_at);
    }
    const all = new Map(here);
    const listed = this.options.listed();
    for (const { snapshot, published_at } of listed ?? []) all.set(snapshot, published_at);
    let found: string | null = null;
    for (const name of [...all.keys()].sort())
      if (name <= current.snapshot && this.dayOf(new Date(all.get(name)!)) <= day) found = name;
    // What others published and this server never had must not be answered with what was before it.
    if (found !== current.snapshot && (listed === null || (found && !here.has(found))))
      throw new Problem(404, `the figures of ${day} were published elsewhere, and not fetched to this server`, {
        code: "not-fetched",
      });
    if (!found) throw new Problem(404, `no figures were published on or before ${day}`, { code: "before-first" });
    return found;
  }

  private async manifestOf(name: string): Promise<Manifest> {
    const known = this.manifests.get(name);
    if (known) return known;
    const manifest = await readManifest(this.options.published, name);
    if (manifest.snapshot !== name) throw new Error(`the manifest of ${name} names ${manifest.snapshot}`);
    this.manifests.set(name, manifest);
    return manifest;
  }

  /** Work on the set of open snapshots, one after another. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.last.then(work);
    this.last = next.catch(() => undefined);
    return next;
  }

  /** Work on what scopes are shown, one after another: each piece is done for somebody who holds the snapshot. */
  private narrowInTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.lastNarrowed.then(work);
    this.lastNarrowed = next.catch(() => undefined);
    return next;
  }

  /** `next` is what will be current. */
  private async find(name: string, next = false): Promise<Opened> {
    const known = await this.opened.get(name);
    const file = await fileOf(this.options.published, name);
    if (known && (file === null || known.file === file)) return known;
    if (known) {
      // It goes when nobody asks it any more.
      this.replaced.add(known);
      this.verified.delete(name);
      this.manifests.delete(name);
    }
    const opened = this.attach(name, next);
    this.opened.set(name, opened);
    opened.catch(() => this.opened.delete(name));
    return opened;
  }

  private async attach(name: string, next: boolean): Promise<Opened> {
    const { published, timeoutMs } = this.options;
    const file = await fileOf(published, name);
    const manifest = await this.manifestOf(name);
    if (!this.verified.has(name)) await verifyHash(published, manifest);
    this.verified.add(name);
    const alias = `snapshot_${++this.count}`;
    await this.admin.run(`attach ${literal(path.join(published, name, "series.duckdb"))} as ${alias} (read_only)`);
    const types: string[] = [];
    const ahead = { now: next && this.current !== null };
    let queries: Queries | null = null;
    try {
      const columns = await this.columnsOf(alias, types);
      const copies = await this.copiesOf(alias, [...columns.values()], next);
      const asking = createQueries(this.instance, {
        setup: [
          `use ${alias}`,
          ...relationsOf(copies).map(([name, relation]) => `create temp view ${name} as from ${relation}`),
        ],
        connections: 4,
        timeoutMs,
        turns: this.turns,
        isAhead: () => ahead.now,
      });
      queries = asking;
      return {
        ...{ manifest, file },
        catalogue: await readCatalogue(asking),
        column: (field, figures = "series") => (figures === "series" ? columns.get(field)! : identifier(field)),
        placed: copies.placed,
        query: (sql, parameters) => asking.query(sql, parameters),
        ...{ alias, ahead, copies, queries, types, narrowed: new Map(), users: 0, retired: true, idle: undefined },
      };
    } catch (error) {
      queries?.close();
      await this.detach(alias, types);
      throw error;
    }
  }

  /** How each field of figures is selected from the series of a snapshot. */
  private async columnsOf(alias: string, types: string[]): Promise<Map<string, string>> {
    const described = await this.admin.runAndReadAll(`describe ${alias}.series`);
    const there = new Set(described.getRowObjects().map((row) => row.column_name));
    const columns = new Map<string, string>();
    for (const [field, kind] of Object.entries(seriesKinds)) {
      const source = there.has(field) ? identifier(field) : "null";
      columns.set(field, await this.columnOf(alias, field, source, kind, types));
    }
    return columns;
  }

  /** Where totals come from. What fails is slower, and no reason not to serve a snapshot. */
  private async copiesOf(alias: string, columns: string[], next: boolean): Promise<Copies> {
    const totals = `(${totalsIn(`${alias}.series`, columns)})`;
    const all = { totals, tops: `(${topsIn(totals, `${alias}.units`)})`, placed: false };
    if (!next) return all;
    const memory = `${alias}_totals`;
    try {
      const reader = await this.admin.runAndReadAll(`select count(*) from ${totals}`);
      if (Number(reader.getRows()[0]![0]) > this.options.mostTotals) return all;
      for (const statement of makeTotals(memory, alias, columns)) await this.admin.run(statement);
      return { totals: placed(`${memory}.totals`), tops: placed(`${memory}.tops`), placed: true };
    } catch (error) {
      this.options.log.error({ err: error }, "totals could not be copied into memory");
      await this.admin.run(`detach database if exists ${memory}`);
      return all;
    }
  }

  /**
   * How a field is selected; one that an older snapshot lacks is null. The words of a text get codes, in alphabetical
   * order, so that answers carry and sort numbers; a type must have one, so a column without any gets the empty word.
   */
  private async columnOf(alias: string, field: string, source: string, kind: Kind, types: string[]): Promise<string> {
    const name = identifier(field);
    if (kind === "number") return `${source}::double as ${name}`;
    if (kind !== "coded") return `${source} as ${name}`;
    const type = `memory.main.${identifier(`${alias}_${field}`)}`;
    await this.admin.run(
      `create type ${type} as enum (
         with words as (select distinct ${source}::varchar as word from ${alias}.series where ${source} is not null)
         from words union all select '' where not exists (from words) order by 1
       )`,
    );
    types.push(type);
    return `${source}::varchar::${type} as ${name}`;
  }

  private retire(snapshot: Opened | null): void {
    if (!snapshot) return;
    snapshot.retired = true;
    this.closeWhenIdle(snapshot);
  }

  private closeWhenIdle(snapshot: Opened): void {
    clearTimeout(snapshot.idle);
    if (!snapshot.retired || snapshot.users > 0) return;
    snapshot.idle = setTimeout(() => {
      void this.inTurn(async () => {
        if (!snapshot.retired || snapshot.users > 0) return;
        if (!this.replaced.delete(snapshot)) this.opened.delete(snapshot.manifest.snapshot);
        snapshot.queries.close();
        for (const made of snapshot.narrowed.values()) await this.dropNarrowed(await made.catch(() => null));
        await this.detach(snapshot.alias, snapshot.types);
      }).catch((error: Error) => this.options.log.error({ err: error }, "closing a snapshot failed"));
    }, this.options.idleMs);
    snapshot.idle.unref();
  }

  private async detach(alias: string, types: string[]): Promise<void> {
    for (const type of types) await this.admin.run(`drop type if exists ${type}`);
    await this.admin.run(`detach database if exists ${alias}_totals`);
    await this.admin.run(`detach ${alias}`);
  }
}
