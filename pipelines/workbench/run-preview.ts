import { computedOf } from "../indicators/definition.ts";
import type { Feeds } from "../indicators/read.ts";
import { Refusal } from "../problem.ts";
import type { DraftFault } from "./draft.ts";
import { asStrictAs } from "./less-protected.ts";
import type { Job, PreviewResult } from "./messages.ts";
import { previewDraft, type Bench, type Figures } from "./preview.ts";
import { previewRounded } from "./preview-rounded.ts";
import { faultsOfSize, readDraft, readDraftTargets } from "./read-draft.ts";
import { triedByPerson, type Trying } from "./tried-out.ts";

interface Running extends Trying {
  /** The feeds' tables, empty. */
  feeds: Feeds;
  /** A copy of the feeds without what is protected. */
  unprotected: Bench;
  /** The same with what is protected in rounded numbers. */
  rounded: Bench;
}

/** Reads a draft and computes its figures; refused where it cannot be read, or says what it may not. */
export async function runPreview(
  running: Running,
  { ask, standing, today, demo }: Extract<Job, { kind: "preview" }>,
): Promise<PreviewResult> {
  const own = await figuresOf(running, ask);
  const { against } = ask;
  const before =
    against === "current"
      ? standing
      : against
        ? await figuresOf(running, { ...against, indicator_id: ask.indicator_id })
        : null;
  const counted = ({ definition, targets }: Figures): Figures => ({
    definition,
    targets: targets.filter((target) => demo || !target.demo),
  });
  const asked = { ...counted(own), before: before && counted(before), units: ask.units ?? [], today };
  return isProtected(own) || (before !== null && isProtected(before))
    ? previewRounded(running.rounded, asked)
    : previewDraft(running.unprotected, asked);
}

/** A figure is protected as the strictest of its versions. */
export const isProtected = ({ definition }: Figures): boolean => computedOf(definition).some((each) => each.protected);

async function figuresOf(
  running: Running,
  texts: { indicator_id: string; definition: string; targets: string },
): Promise<Figures> {
  refuse(faultsOfSize(texts));
  const { feeds, known } = running;
  // Whether a source is filed is for the check: it changes no figure.
  const lenient = { ...known, papers: [] };
  const { definition, header, queryLine, faults } = await readDraft(feeds, texts, lenient);
  if (!definition) refuse(faults);
  const { targets, faults: ofTargets } = readDraftTargets(texts, header, lenient);
  refuse(ofTargets);
  // Of what is protected the numbers were rounded before.
  if (definition!.sensitive && !definition!.protected) {
    const twice = await triedByPerson(definition!, running);
    refuse(twice.map((message) => ({ part: "definition", line: queryLine, message })));
  }
  return { definition: asStrictAs(definition!, known.others.get(texts.indicator_id)), targets };
}

function refuse(faults: DraftFault[]): void {
  if (faults.length === 0) return;
  const lines = faults.slice(0, 5).map(({ part, line, message }) => `${part}:${line}: ${message}`);
  throw new Refusal(lines.join("\n"), "draft-refused");
}
