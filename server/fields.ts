import { z } from "zod";
import { Problem, shown } from "./problem.ts";
import type { Snapshot } from "./snapshot.ts";

const maxList = 4000;
const maxId = 200;

/** One id of a unit, an indicator, a feed. */
export const id = z
  .string()
  .min(1, "is empty; name one id")
  .max(maxId, `is longer than ${maxId} characters`)
  .regex(/^\P{Cc}*$/u, "holds control characters");

/** Ids with commas between them, or the word `all`; as a sorted list without doubles, null for all. */
export const ids = z
  .string()
  .max(maxList, `is longer than ${maxList} characters; ask for "all" and choose, or ask in parts`)
  .regex(/^\P{Cc}*$/u, "holds control characters")
  .transform((text, context): string[] | null => {
    if (text === "all") return null;
    const list = text.split(",").map((each) => each.trim());
    if (list.some((each) => each === "" || each.length > maxId))
      context.addIssue({ code: "custom", message: `is no list of ids; write one id, several as a,b or "all"` });
    return [...new Set(list)].sort();
  });

export const day = z.iso.date("is no date; write one as 2016-07-01");

/** The chosen ids; 404 that names the first which the snapshot does not know. */
export function known(chosen: string[] | null, ids: ReadonlyMap<string, unknown>, noun: string): string[] | null {
  const stranger = chosen?.find((each) => !ids.has(each));
  if (stranger !== undefined) throw new Problem(404, `no ${noun} ${shown(stranger)}`, { code: `unknown-${noun}` });
  return chosen;
}

export const knownIndicators = (snapshot: Snapshot, chosen: string[] | null): string[] | null => {
  checkWithin(chosen, snapshot.catalogue.outside.indicators, "indicator");
  return known(chosen, snapshot.catalogue.definitions, "indicator");
};

export const knownUnits = (snapshot: Snapshot, chosen: string[] | null): string[] | null => {
  checkWithin(chosen, snapshot.catalogue.outside.units, "unit");
  return known(chosen, snapshot.catalogue.units, "unit");
};

/** 403 that names the first of the chosen which there is, but not for who asks. */
export function checkWithin(chosen: string[] | null, outside: ReadonlySet<string>, noun: string): void {
  const denied = chosen?.find((each) => outside.has(each));
  if (denied !== undefined)
    throw new Problem(403, `${noun} ${shown(denied)} is not among those that you may see`, { code: `other-${noun}` });
}
