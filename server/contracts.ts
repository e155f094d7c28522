import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { parseContract, type Contract } from "../pipelines/contracts/contract.ts";
import { Problem, shown } from "./problem.ts";

interface Known {
  modified: number;
  contract: Contract;
}

/** The contracts of the feeds, each read when it is asked for and again when its file changed. */
export class Contracts {
  private readonly folder: string;
  private readonly known = new Map<string, Known>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Every contract, by its feed; 503 where one has faults. */
  async all(): Promise<Map<string, Contract>> {
    const feeds = (await readdir(this.folder)).flatMap((file) => /^(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
    return new Map(await Promise.all(feeds.map(async (feed) => [feed, await this.of(feed)] as const)));
  }

  /** The feed's contract; 404 where there is none. */
  async of(feed: string): Promise<Contract> {
    // A feed's name is a file's name: what is none never becomes part of a path.
    const file = /^[a-z][a-z0-9_]*$/.test(feed) ? path.join(this.folder, `${feed}.yaml`) : null;
    const found = file && (await stat(file).catch(() => null));
    if (!file || !found) throw new Problem(404, `no feed ${shown(feed)}`, { code: "unknown-feed" });
    const known = this.known.get(feed);
    if (known?.modified === found.mtimeMs) return known.contract;
    const { contract } = parseContract(await readFile(file, "utf8"), file);
    if (!contract)
      throw new Problem(503, `the contract of feed ${feed} has faults; kvv check names them`, { code: "bad-contract" });
    this.known.set(feed, { modified: found.mtimeMs, contract });
    return contract;
  }
}
