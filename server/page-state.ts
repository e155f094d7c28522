import type { CycleFile } from "./calendar/cycle.ts";
import { Faults } from "./faults.ts";
import type { Operations } from "./operations.ts";
import type { Writes } from "./servers/writes.ts";
import type { Snapshots } from "./snapshot.ts";

/** First parts of the addresses of pages that show the pipelines' work itself. */
const ofWork = new Set(["data"]);

/** Whether a page shows the pipelines' work. All others tell of it only from which feeds data are late or wrong. */
export const showsWork = (address: string): boolean => ofWork.has(address.split(/[/?#]/)[1] ?? "");

export interface PageStateOptions {
  snapshots: Pick<Snapshots, "manifest" | "dayOf">;
  operations: Pick<Operations, "version" | "query">;
  cycle?: Pick<CycleFile, "version"> | undefined;
  /** The server with which lives what people write; left out, it lives here. */
  writes?: Pick<Writes, "isThere" | "operations" | "faults"> | undefined;
  /** Names the code. */
  version: string;
  now(): Date;
}

/** Names what pages are made of besides their address and who looks at them: a page is kept for as long as that stays the same. */
export class PageState {
  private readonly options: PageStateOptions;
  private readonly faults: Faults;

  constructor(options: PageStateOptions) {
    this.options = options;
    this.faults = new Faults(options.operations);
  }

  /** Of the page at an address, with the snapshot that is served or one that will be; null before the first. */
  async of(address: string, snapshot = this.options.snapshots.manifest?.snapshot): Promise<string[] | null> {
    if (!snapshot) return null;
    const { version, snapshots, cycle, now } = this.options;
    const [work, dated] = await Promise.all([this.work(showsWork(address)), cycle?.version() ?? "none"]);
    return [version, snapshot, work, snapshots.dayOf(now()), dated];
  }

  private async work(whole: boolean): Promise<string> {
    const { writes, operations } = this.options;
    if (!writes) return whole ? operations.version() : this.faults.name();
    return `${whole ? writes.operations : writes.faults}${writes.isThere ? "" : "away"}`;
  }
}
