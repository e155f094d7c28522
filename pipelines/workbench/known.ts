import type { Contract } from "../contracts/contract.ts";
import type { Definition } from "../indicators/definition.ts";
import type { VersionFile } from "../indicators/versions.ts";
import type { Paper } from "../papers.ts";
import { isGuarded } from "./less-protected.ts";

/** An indicator that stands: of which a draft may tell the change, and beside which a draft of itself is judged. */
export type Other = Pick<
  Definition,
  | "id"
  | "kind"
  | "stock"
  | "breakdowns"
  | "feeds"
  | "sql"
  | "disclosure"
  | "levels"
  | "grains"
  | "protected"
  | "has_withheld"
> & {
  /** Whether figures of it are protected, or small ones of its breakdowns withheld. */
  guarded: boolean;
};

/** What the process of drafts is told of an indicator. */
export const otherOf = (definition: Definition): Other => {
  const { id, kind, stock, breakdowns, feeds, sql, disclosure, levels, grains, has_withheld } = definition;
  return {
    ...{ id, kind, stock, breakdowns, feeds, sql, disclosure, levels, grains },
    ...{ protected: definition.protected, has_withheld, guarded: isGuarded(definition) },
  };
};

/** What the configuration says that drafts are judged beside. */
export interface Known {
  contracts: Map<string, Contract>;
  papers: Paper[];
  /** Other indicators, by id. */
  others: Map<string, Other>;
  /** What versions compute that were recorded, by id of the indicator. */
  versions: Map<string, VersionFile[]>;
}
