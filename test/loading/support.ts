import type { Database } from "../../pipelines/database.ts";
import { loadFile, type LoadResult } from "../../pipelines/loading/load.ts";
import { homeAfter, type Home } from "../support/home.ts";

/** A small organisation: the force, two units, teams below them; one team ended, two share a name one after the other. */
export const organisation = `unit_id,name,level,parent_id,valid_from,valid_to,predecessor_ids
force,Politie,force,,2005-01-01,,
north,Noord,unit,force,2005-01-01,,
south,Zuid,unit,force,2005-01-01,,
n1,Team Een,team,north,2005-01-01,,
n2,Team Twee,team,north,2005-01-01,,
s1,Team Drie,team,south,2005-01-01,,
old,Team Oud,team,south,2005-01-01,2015-12-31,
new,Team Oud,team,south,2016-01-01,,old
`;

export interface Loading {
  home: Home;
  db: Database;
  /** Loads a text or bytes as a file of the feed. */
  load(feed: string, content: string | Buffer, options?: LoadOptions): Promise<LoadResult>;
}

export interface LoadOptions {
  name?: string;
  mapping?: string;
  acceptChange?: boolean;
}

/** A home with the small organisation. */
export async function makeLoading(env: Record<string, string> = {}): Promise<Loading> {
  const home = await homeAfter("organisation", env, async (first) => {
    const path = first.write("units.csv", organisation);
    const { refused } = await loadFile(await first.warehouse(), first.context, first.contracts, {
      feed: "units",
      path,
    });
    if (refused) throw new Error(refused);
  });
  const db = await home.warehouse();
  let files = 1;
  const load = (feed: string, content: string | Buffer, { name, mapping, acceptChange }: LoadOptions = {}) => {
    const number = ++files;
    return loadFile(db, home.context, home.contracts, {
      feed,
      path: home.write(name ?? `file-${number}.csv`, content),
      ...(mapping ? { mappingPath: home.write(`mapping-${number}.yaml`, mapping) } : {}),
      ...(acceptChange ? { acceptChange } : {}),
    });
  };
  return { home, db, load };
}

/** A complaints file of many sound rows, so that a few faulty ones stay below the allowed share, and these rows at its end. */
export function complaints(rows: string[], sound = 100): string {
  const filling = Array.from(
    { length: sound },
    (_, i) => `F-${i},2016-0${1 + (i % 9)}-11,n1,treatment,founded,2016-12-01`,
  );
  return ["complaint_id,received_on,unit_id,aspects,outcome,closed_on", ...filling, ...rows].join("\n") + "\n";
}
