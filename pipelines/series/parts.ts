import type { Database } from "../database.ts";
import type { Definition } from "../indicators/definition.ts";

type Part = Record<string, string[]>;

/** A part of a feed of which some load is the whole: as it is kept with the load, and as columns with their values. */
export interface StatedPart {
  feed: string;
  only_values: string;
}

/** What is to be covered for an indicator: a feed, or one of the parts of it that the indicator reads. */
export interface IndicatorPart {
  /** The place of the version in the list that was asked about. */
  computed_id: number;
  part: string;
  feed: string;
}

/** A coverage of this feed and part of it (null: all of it) covers the part. */
export interface PartCoverage {
  part: string;
  feed: string;
  only_values: string | null;
}

/** A load of this feed and part of it (null: all of it) can change the indicator. */
export interface IndicatorFeed {
  indicator_id: string;
  feed: string;
  only_values: string | null;
}

export const readStatedParts = (db: Database): Promise<StatedPart[]> =>
  db.all<StatedPart>("select distinct feed, only_values from coverage where only_values is not null order by all");

/** Which coverage counts for which indicator. A load that is the whole of the exits covers what an indicator reads of exits, and says nothing of the intake. */
export function partsOf(
  definitions: Pick<Definition, "id" | "feeds" | "parts" | "covered_by">[],
  stated: StatedPart[],
): { parts: IndicatorPart[]; coverage: PartCoverage[]; feeds: IndicatorFeed[] } {
  const parts: IndicatorPart[] = [];
  const feeds: IndicatorFeed[] = [];
  const coverage = new Map<string, PartCoverage>();
  for (const [computed_id, definition] of definitions.entries())
    for (const feed of definition.feeds) {
      const ofFeed = stated.filter((each) => each.feed === feed);
      const touching = ofFeed.filter((each) => meet(partOf(each), definition.parts[feed] ?? {}));
      for (const only_values of [null, ...touching.map((each) => each.only_values)])
        feeds.push({ indicator_id: definition.id, feed, only_values });
      const reads = definition.covered_by === "all" ? (definition.parts[feed] ?? {}) : {};
      for (const atom of atomsOf(reads, ofFeed)) {
        const part = nameOf(feed, atom);
        parts.push({ computed_id, part, feed });
        const covering = ofFeed.filter((each) => covers(partOf(each), atom));
        for (const only_values of [null, ...covering.map((each) => each.only_values)])
          coverage.set(`${part} ${only_values}`, { part, feed, only_values });
      }
    }
  return { parts, coverage: [...coverage.values()], feeds };
}

const partOf = ({ only_values }: StatedPart) => JSON.parse(only_values) as Part;

type Atom = Record<string, string>;

/** Every combination of the values that are read, of the columns that loads of the feed are parted by. */
function atomsOf(reads: Part, stated: StatedPart[]): Atom[] {
  const parting = new Set(stated.flatMap((each) => Object.keys(partOf(each))));
  const columns = Object.entries(reads).filter(([name]) => parting.has(name));
  return columns.reduce<Atom[]>(
    (atoms, [name, values]) => atoms.flatMap((atom) => values.map((value) => ({ ...atom, [name]: value }))),
    [{}],
  );
}

const nameOf = (feed: string, atom: Atom) =>
  [feed, ...Object.entries(atom).map(([name, value]) => `${name}=${value}`)].join(" ");

const covers = (only: Part, atom: Atom) =>
  Object.entries(only).every(([name, values]) => atom[name] !== undefined && values.includes(atom[name]));

/** Whether a row may be in both. */
const meet = (only: Part, reads: Part) =>
  Object.entries(only).every(([name, values]) => !reads[name] || values.some((value) => reads[name]!.includes(value)));
