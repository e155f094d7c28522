import type { Contract } from "../contracts/contract.ts";
import type { Definition } from "../indicators/definition.ts";
import type { VersionFile } from "../indicators/versions.ts";
import type { Paper } from "../papers.ts";

/** An indicator of which a draft may tell the change. */
export type Other = Pick<Definition, "id" | "kind" | "stock" | "breakdowns" | "feeds" | "sql">;

/** What the configuration says that drafts are judged beside. */
export interface Known {
  contracts: Map<string, Contract>;
  papers: Paper[];
  /** Other indicators, by id. */
  others: Map<string, Other>;
  /** What versions compute that were recorded, by id of the indicator. */
  versions: Map<string, VersionFile[]>;
}
