import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Break } from "../breaks.ts";
import { identifier, literal, type Database } from "../database.ts";
import { computedOf, type Definition } from "../indicators/definition.ts";
import type { Target } from "../targets.ts";

/** Everything that an indicator's figures are made from, besides its own definition and targets. */
export interface MadeFrom {
  /** The day it is, ISO: figures change with the month, not with the day. */
  today: string;
  targets: Target[];
  /** What parts series. */
  breaks: Break[];
}

/** For each definition a hash of what its figures are made from: while it stays the same, they do. */
export function madeFrom(db: Database, definitions: Definition[], from: MadeFrom): Promise<Map<string, string>> {
  return hashesOf(db, definitions, from, [...new Set(["units", ...definitions.flatMap(feedsOf)])].sort());
}

/** For each definition a hash of all that its figures are made from but the rows of its feeds: while it stays the same, those of a year change with the rows of that year alone (continued.ts). */
export function framesOf(db: Database, definitions: Definition[], from: MadeFrom): Promise<Map<string, string>> {
  return hashesOf(db, definitions, from, ["units"]);
}

async function hashesOf(
  db: Database,
  definitions: Definition[],
  { today, targets, breaks }: MadeFrom,
  feeds: string[],
): Promise<Map<string, string>> {
  const contents = new Map<string, string>();
  for (const feed of feeds) contents.set(feed, await contentOf(db, feed));
  const shared = [codeHash(), today.slice(0, 7), contents.get("units")];
  const own = new Map(
    definitions.map((definition) => {
      const held = targets.filter((target) => target.indicator_id === definition.id);
      const read = feedsOf(definition).map((feed) => contents.get(feed));
      const parting = breaks.filter((each) => each.indicator_id === definition.id);
      return [definition.id, hashOf([...shared, definition, held, parting, read])];
    }),
  );
  // What is withheld of one protected figure depends on all that are made of the same people.
  for (const group of protectedGroups(definitions.map(overVersions))) {
    const together = hashOf(group.map((id) => own.get(id)));
    for (const id of group) own.set(id, together);
  }
  return own;
}

/** Of the definitions those whose figures the snapshot before has as they would be computed. */
export async function keptSince(
  db: Database,
  previous: string | null,
  made: Map<string, string>,
): Promise<Set<string>> {
  if (!previous) return new Set();
  await db.run(`attach ${literal(previous)} as former (read_only)`);
  try {
    const known = await db.one<{ n: number }>(
      "select count(*) as n from duckdb_tables() where database_name = 'former' and table_name = 'made_from'",
    );
    if (!known?.n) return new Set();
    const rows = await db.all<{ indicator_id: string; hash: string }>("from former.made_from");
    return new Set(
      rows.filter(({ indicator_id, hash }) => made.get(indicator_id) === hash).map((row) => row.indicator_id),
    );
  } finally {
    await db.run("detach former");
  }
}

/** Feeds that any version of an indicator reads: figures under an earlier one are made from its own. What is withheld of a protected state depends on who joined and left besides (disclosure/states.sql). */
const feedsOf = (definition: Definition): string[] => [
  ...new Set(
    computedOf(definition).flatMap(({ feeds, stock, protected: isProtected }) =>
      stock && isProtected ? [...feeds, "movements"] : feeds,
    ),
  ),
];

/** An indicator is protected where any of its versions is. */
const overVersions = (definition: Definition) => ({
  id: definition.id,
  feeds: feedsOf(definition),
  protected: computedOf(definition).some((version) => version.protected),
});

/** Ids of the protected indicators that are connected by the feeds that they read, each group in order. */
export function protectedGroups(definitions: Pick<Definition, "id" | "feeds" | "protected">[]): string[][] {
  const groups: { ids: string[]; feeds: Set<string> }[] = [];
  for (const { id, feeds } of definitions.filter((each) => each.protected)) {
    const meeting = groups.filter((group) => feeds.some((feed) => group.feeds.has(feed)));
    const merged = {
      ids: [...meeting.flatMap((group) => group.ids), id].sort(),
      feeds: new Set([...meeting.flatMap((group) => [...group.feeds]), ...feeds]),
    };
    groups.splice(0, groups.length, ...groups.filter((group) => !meeting.includes(group)), merged);
  }
  return groups.map((group) => group.ids);
}

/** Rows of a feed in whatever order, and what is covered of it; nothing where a home has no such feed. */
async function contentOf(db: Database, feed: string): Promise<string> {
  if (!(await db.one("select 1 as yes from duckdb_tables() where not temporary and table_name = $feed", { feed })))
    return "";
  const rows = await db.one<{ content: string }>(
    `select concat_ws(' ', count(*), bit_xor(hash(feed)), sum(hash(feed)::hugeint)) as content from ${identifier(feed)} as feed`,
  );
  const covered = await db.one<{ content: string }>(
    `select concat_ws(' ', count(*), sum(hash(unit_id, from_month, to_month, only_values)::hugeint)) as content
     from coverage where feed = $feed`,
    { feed },
  );
  return `${rows!.content} ${covered!.content}`;
}

/** Folders whose code and SQL make figures. */
const folders = ["series", "disclosure", "statistics", "publishing"];

let code: string | undefined;

function codeHash(): string {
  code ??= hashOf(
    folders.flatMap((folder) => {
      const whole = path.join(import.meta.dirname, "..", folder);
      const files = readdirSync(whole).filter((name) => /\.(sql|ts)$/.test(name));
      return files.sort().map((name) => [name, readFileSync(path.join(whole, name), "utf8")]);
    }),
  );
  return code;
}

const hashOf = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("hex");
