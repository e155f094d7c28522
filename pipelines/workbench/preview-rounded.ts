import type { Definition, Earlier } from "../indicators/definition.ts";
import type { PreviewResult } from "./messages.ts";
import type { PreviewRow } from "./draft.ts";
import { previewDraft, type Bench, type Figures, type Previewed } from "./preview.ts";
import { step } from "./rounded.ts";

const levels = new Set(["force", "unit"]);

/**
 * The figures of a draft about persons: of force and units, by year, in total, over feeds whose numbers were rounded
 * before the draft could read them. Whatever it filters, multiplies or adds, it is made of those numbers.
 */
export async function previewRounded(bench: Bench, { before, today, ...asked }: Previewed): Promise<PreviewResult> {
  const bounded = { ...boundedOf(asked), before: before && boundedOf(before), units: [], today };
  const preview = await previewDraft(bench, bounded);
  const per = asked.definition.kind === "rate" ? asked.definition.per : 1;
  const rows = (JSON.parse(preview.rows) as PreviewRow[]).map((row) => inSteps(row, asked.definition, per));
  return { ...preview, rows: JSON.stringify(rows), rounded: true };
}

function boundedOf({ definition, targets }: Figures): Figures {
  const bound = <T extends Earlier>(version: T): T => ({
    ...version,
    levels: version.levels.filter((level) => levels.has(level)),
    grains: version.grains.filter((grain) => grain === "year"),
    breakdowns: [],
  });
  const earlier = definition.earlier?.map(bound);
  const bounded: Definition = { ...bound(definition), ...(earlier ? { earlier } : {}) };
  return { definition: bounded, targets };
}

/** Counts to the nearest multiple, also where a draft divides or adds to them, and the value that these make. No interval: it would be of other numbers. */
function inSteps(row: PreviewRow, { kind }: Pick<Definition, "kind">, per: number): PreviewRow {
  const near = (count: number | null) => (count === null ? null : Math.round(count / step) * step);
  const [numerator, denominator] = [near(row.numerator), near(row.denominator)];
  const made = numerator !== null && denominator !== null && ["share", "score", "rate"].includes(kind);
  const value = made ? (denominator === 0 ? null : (numerator / denominator) * per) : row.value;
  return { ...row, numerator, denominator, unknown: near(row.unknown), value, lower: null, upper: null, pace: null };
}
