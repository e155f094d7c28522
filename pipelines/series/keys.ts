import { literal } from "../database.ts";
import { grains, kinds, levels } from "../indicators/definition.ts";

/** What a figure can be said to be, beside its target. */
const judgements = [
  "no_data",
  "no_target",
  "too_few",
  "reached",
  "reached_uncertain",
  "missed",
  "missed_uncertain",
  "withheld",
] as const;

/** Why a figure is withheld (disclosure/gate.sql, complements.sql). */
const withheldReasons = [
  "source",
  "floor",
  "incomplete",
  "threshold",
  "band",
  "sensitive",
  "complement",
  "unproven",
] as const;

/** Texts that stand in every row of a figure are small numbers that read as these texts: half the memory of the rows, and half the time to sort and to write them. A key is sorted as its text is. */
const enumOf = (texts: readonly string[]): string => `enum (${[...new Set(texts)].sort().map(literal).join(", ")})`;
const fixed = (name: string, texts: readonly string[]): string =>
  `create temp type if not exists ${name} as ${enumOf(texts)};`;

/** Statements that make the keys that are the same everywhere. */
export const fixedKeys = [
  fixed("grain_key", grains),
  fixed("kind_key", kinds),
  fixed("judgement_key", judgements),
  fixed("reason_key", withheldReasons),
  fixed("side_key", ["low", "high"]),
].join("\n");

/** The statement that makes a key of the units of the warehouse, and one of their levels. */
export const unitKeys = `create or replace temp type unit_key as enum (select unit_id from units union select '' order by unit_id);
create or replace temp type level_key as enum (
  select level from units union select unnest([${levels.map(literal).join(", ")}]) order by level);`;

/** The statement that makes the key of these indicators. Whatever was computed with another is gone once the next is computed. */
export const indicatorKey = (ids: readonly string[]): string =>
  `create or replace temp type indicator_key as ${enumOf(["", ...ids])};`;
