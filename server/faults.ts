import { createHash } from "node:crypto";
import type { Operations } from "./operations.ts";
import { rowsOf } from "./table.ts";

/** Of a feed that is as it should be pages show its title. */
const isFaulty = ({ freshness, trouble }: Record<string, unknown>): boolean =>
  Boolean(trouble) || freshness === "overdue";

/** What pages tell of late and faulty feeds. */
export class Faults {
  private readonly operations: Pick<Operations, "version" | "query">;
  private known: { version: string; name: Promise<string> } | null = null;

  constructor(operations: Pick<Operations, "version" | "query">) {
    this.operations = operations;
  }

  /** Names it: the same as long as pages tell the same. Read once for each state of the pipelines' work. */
  async name(): Promise<string> {
    const version = await this.operations.version();
    if (this.known?.version !== version) {
      const name = this.read();
      this.known = { version, name };
      name.catch(() => (this.known = null));
    }
    return this.known.name;
  }

  private async read(): Promise<string> {
    const table = await this.operations.query("select * from feeds order by feed");
    const feeds = table ? await rowsOf(table) : [];
    const told = feeds.map((feed) => (isFaulty(feed) ? feed : [feed.feed, feed.title_nl, feed.title_en]));
    return createHash("sha256").update(JSON.stringify(told)).digest("base64url").slice(0, 16);
  }
}
