import { createHash } from "node:crypto";
import type { CycleFile } from "./calendar/cycle.ts";
import type { Operations } from "./operations.ts";
import type { Writes } from "./servers/writes.ts";
import type { Snapshots } from "./snapshot.ts";
import { rowsOf } from "./table.ts";

/** First parts of the addresses of pages that show the pipelines' work itself. */
const ofWork = new Set(["data"]);

/** Whether a page shows the pipelines' work. All others tell of it only from which feeds data are late or wrong. */
export const showsWork = (address: string): boolean => ofWork.has(address.split(/[/?#]/)[1] ?? "");

/** Of a feed that is as it should be pages show its title. */
const isFaulty = ({ freshness, trouble }: Record<string, unknown>): boolean =>
  Boolean(trouble) || freshness === "overdue";

export interface PageStateOptions {
  snapshots: Pick<Snapshots, "manifest" | "dayOf">;
  operations: Pick<Operations, "version" | "query">;
  cycle?: Pick<CycleFile, "version"> | undefined;
  /** The server with which lives what people write; left out, it lives here. */
  writes?: Pick<Writes, "isThere" | "operations"> | undefined;
  /** Names the code. */
  version: string;
  now(): Date;
}

/** Names what pages are made of besides their address and who looks at them: a page is kept for as long as that stays the same. */
export class PageState {
  private readonly options: PageStateOptions;
  private faults: { version: string; name: Promise<string> } | null = null;

  constructor(options: PageStateOptions) {
    this.options = options;
  }

  /** Of the page at an address, with the snapshot that is served or one that will be; null before the first. */
  async of(address: string, snapshot = this.options.snapshots.manifest?.snapshot): Promise<string[] | null> {
    if (!snapshot) return null;
    const { version, snapshots, cycle, now } = this.options;
    const [work, dated] = await Promise.all([
      showsWork(address) ? this.work() : this.faultsNow(),
      cycle?.version() ?? "none",
    ]);
    return [version, snapshot, work, snapshots.dayOf(now()), dated];
  }

  private async work(): Promise<string> {
    const { writes, operations } = this.options;
    return writes ? `${writes.operations}${writes.isThere ? "" : "away"}` : operations.version();
  }

  /** Names what pages say of late and faulty feeds. Read once for each state of the work. */
  private async faultsNow(): Promise<string> {
    // What another server knows is not read here.
    if (this.options.writes) return this.work();
    const version = await this.options.operations.version();
    if (this.faults?.version !== version) {
      const name = this.readFaults();
      this.faults = { version, name };
      name.catch(() => (this.faults = null));
    }
    return this.faults.name;
  }

  private async readFaults(): Promise<string> {
    const table = await this.options.operations.query("select * from feeds order by feed");
    const feeds = table ? await rowsOf(table) : [];
    const told = feeds.map((feed) => (isFaulty(feed) ? feed : [feed.feed, feed.title_nl, feed.title_en]));
    return createHash("sha256").update(JSON.stringify(told)).digest("base64url").slice(0, 16);
  }
}
