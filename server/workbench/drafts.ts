import { Problem, shown } from "../problem.ts";
import { authorsOf, isAuthor, standingOf, type Draft, type Texts } from "./life.ts";
import type { Headings } from "./header.ts";
import { isOfAnotherProvider, type Person } from "./person.ts";
import type { DefinitionTexts, StandingTexts } from "./standing-texts.ts";
import type { Listed } from "./store.ts";
import { templateOf } from "./templates.ts";

/** A draft as a row of the list; `standing` is what stands of its indicator. */
export function rowOf(draft: Listed, standing: StandingTexts | undefined) {
  const title = draft.title ?? standing?.title ?? null;
  const { draft_id, indicator_id } = draft;
  return {
    ...{ draft_id, indicator_id, title_nl: title?.nl ?? null, title_en: title?.en ?? null },
    ...{ is_new: standing === undefined, ...standingOf(draft) },
  };
}

export type DraftRow = ReturnType<typeof rowOf>;

/** A draft, whole, for whoever asks. */
export function wholeOf(draft: Draft, standing: StandingTexts | undefined, headings: Headings, asker: Person) {
  const { title } = headings.of(draft.texts.definition);
  return {
    ...{ ...rowOf({ ...draft, title }, standing), ...draft.texts },
    standing: standing ? onlyTexts(standing) : null,
    authors: [...new Set(authorsOf(draft).map(({ name }) => name))],
    // Of whoever comes by another provider nobody knows; why they may not approve it they are told when they try.
    own: isAuthor(draft, asker) && !authorsOf(draft).some((author) => isOfAnotherProvider(author, asker)),
    // People are told by their names.
    versions: draft.versions.map(({ version, saved_by, saved_at }) => ({ version, saved_by, saved_at })),
    steps: draft.steps.map(({ number, step, version, note, publish_on, taken_by, taken_at }) => ({
      ...{ number, step, version, note, publish_on, taken_by, taken_at },
    })),
  };
}

export const onlyTexts = ({ definition, examples, targets }: Texts): Texts => ({ definition, examples, targets });

/** What a draft begins with. */
export interface Begun extends Partial<Texts> {
  indicator_id: string;
  template?: string | undefined;
  copy_of?: string | undefined;
}

/** The texts that a draft begins with: those that were given, else those that stand, of the template or of the other indicator. */
export function firstTexts(begun: Begun, texts: DefinitionTexts, today: string): Texts {
  const { indicator_id, template, copy_of } = begun;
  const all = texts.all();
  const standing = all.get(indicator_id);
  if (standing && (template !== undefined || copy_of !== undefined))
    throw new Problem(
      409,
      `${shown(indicator_id)} stands already; begin a draft of it without template and copy_of, or choose another id`,
      { code: "indicator-exists" },
    );
  if (template !== undefined && copy_of !== undefined)
    throw new Problem(400, "template and copy_of are both given; choose one", { code: "bad-body" });
  const from = standing ?? madeOf(begun, texts, all, today);
  return {
    definition: begun.definition ?? from.definition,
    examples: begun.examples ?? from.examples,
    targets: begun.targets ?? from.targets,
  };
}

function madeOf(
  { template, copy_of }: Begun,
  texts: DefinitionTexts,
  all: ReadonlyMap<string, StandingTexts>,
  today: string,
): Texts {
  // Targets are of one indicator, so none of another come along.
  const targets = texts.targetHeader();
  if (template !== undefined) {
    const { definition, examples } = templateOf(template, today);
    return { definition, examples, targets };
  }
  if (copy_of === undefined) return { definition: "", examples: "", targets };
  const other = all.get(copy_of);
  if (!other)
    throw new Problem(404, `copy_of: no indicator ${shown(copy_of)}; GET /api/v1/workbench/indicators names them`, {
      code: "unknown-indicator",
    });
  return { definition: asFirstVersion(other.definition), examples: other.examples, targets };
}

/** A copy begins its own versions. */
const asFirstVersion = (definition: string): string =>
  definition.replace(/^(version:[ \t]*(?:\{[ \t]*|\r?\n[ \t]+)number:[ \t]*)\d+/m, (_, before: string) => `${before}1`);
