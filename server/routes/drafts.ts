import { z } from "zod";
import type { LessProtected } from "../../pipelines/workbench/draft.ts";
import { formulasIn, formulaWords } from "../../pipelines/formulas.ts";
import { Problem } from "../problem.ts";
import { workspaceFile, workspaceRoute, workspaceRows, type Writing } from "../route.ts";
import { smallTable, type Field } from "../table.ts";
import { checkDraft } from "../workbench/asks.ts";
import { firstTexts, rowOf, wholeOf } from "../workbench/drafts.ts";
import {
  beginDraft,
  checkStep,
  draftOf,
  saveDraft,
  takeStep,
  type AskedStep,
  type Author,
} from "../workbench/edits.ts";
import { lastVersion, type Draft, type Texts } from "../workbench/life.ts";
import { personOf } from "../workbench/person.ts";
import {
  asked,
  askedStep,
  checked,
  draftId,
  draftRow,
  draftVersion,
  draftWhole,
  mostBytes,
  newDraft,
  savedDraft,
} from "../workbench/rows.ts";
import { readListed, textsOf } from "../workbench/store.ts";

const json = "application/json" as const;
const nothing = z.strictObject({});
const ofDraft = z.strictObject({ draft: draftId });

const kinds: Record<string, Field["kind"]> = {
  ...{ draft_id: "number", version: "number", is_new: "boolean", publish_on: "date" },
  ...{ saved_at: "timestamp", proposed_at: "timestamp", approved_at: "timestamp" },
};
const columns: Field[] = Object.keys(draftRow.shape).map((name) => ({ name, kind: kinds[name] ?? "text" }));
const ms = (moment: string | null) => (moment === null ? null : Date.parse(moment));

type Asking = Pick<Writing<unknown, unknown>, "workspace" | "definitions" | "user">;

/** A draft as it stands now. */
async function whole({ workspace, definitions, user }: Asking, draft_id: number) {
  const draft = await workspace.read((db) => draftOf(db, draft_id));
  return wholeOf(draft, definitions.all().get(draft.indicator_id), definitions.headings, personOf(user));
}

const authorOf = ({ user, at }: Pick<Writing<unknown, unknown>, "user" | "at">): Author => ({ ...personOf(user), at });

/** 422 with what is wrong, where it may not stand as it is. */
async function checkFit(asker: Writing<unknown, unknown>, draft: Draft): Promise<LessProtected[]> {
  const { faults, examples, less_protected } = await checkDraft(asker, {
    indicator_id: draft.indicator_id,
    ...draft.texts,
  });
  const unfit = (detail: string) => new Problem(422, `${detail}; return it with a note`, { code: "draft-unfit" });
  const [first] = faults;
  if (first)
    throw unfit(
      `draft ${draft.draft_id} has ${faults.length === 1 ? "a fault" : `${faults.length} faults, the first`} in ${first.part}, line ${first.line}: ${first.message}`,
    );
  if (examples.length === 0) throw unfit(`draft ${draft.draft_id} has no worked example, and needs one at least`);
  const wrong = examples.filter(({ ok }) => !ok).length;
  if (wrong > 0)
    throw unfit(`in draft ${draft.draft_id} ${wrong} of ${examples.length} rows of the example come out otherwise`);
  return less_protected;
}

/** 422 where it protects less than what stands, and whoever approves of it does not say that they saw that. */
function checkAccepted(draft_id: number, less: readonly LessProtected[], accepts: boolean): void {
  if (less.length === 0 || accepts) return;
  const each = less.map(({ what, before, after }) =>
    before || after ? `${what}: ${before || "none"}, now ${after}` : what,
  );
  throw new Problem(
    422,
    `draft ${draft_id} protects less than what stands (${each.join("; ")}); approve it with accepts_less: true, or return it with a note`,
    { code: "draft-less-protected" },
  );
}

async function step(writing: Writing<{ draft: number }, AskedStep & { accepts_less: boolean }>): Promise<object> {
  const { query, body, workspace, publisher, tell, today } = writing;
  const author = authorOf(writing);
  tell({ selection: `/drafts/${query.draft}/steps?step=${body.step}&version=${body.version}` });
  if (body.step === "approve") {
    if (body.publish_on! < today)
      throw new Problem(400, `publish_on: ${body.publish_on} is over; name today, ${today}, or a later day`, {
        code: "bad-body",
      });
    const draft = await workspace.read((db) => draftOf(db, query.draft));
    checkStep(draft, body, author);
    const less = await checkFit(writing, draft);
    checkAccepted(query.draft, less, body.accepts_less);
    const seen = less.length > 0 ? `&accepts_less=${less.map(({ what }) => what).join()}` : "";
    tell({ selection: `/drafts/${query.draft}/steps?step=${body.step}&version=${body.version}${seen}` });
  }
  const { version, step, note, publish_on } = body;
  await workspace.write((db) => takeStep(db, query.draft, { version, step, note, publish_on }, author));
  // Not waited for: the pipelines do it when their work at hand is done.
  if (body.step === "approve") void publisher?.tick();
  return whole(writing, query.draft);
}

/** 422 where a spreadsheet would compute what stands in the file: it is handed out as it is, or not at all. */
function refuseFormulas(draft_id: number, text: string): void {
  const [first] = formulasIn(text);
  if (!first) return;
  throw new Problem(422, `targets of draft ${draft_id}, line ${first.line}: ${formulaWords(first)}`, {
    code: "draft-formula",
  });
}

/** One of the files that a draft would be, as it is. */
const file = (part: keyof Texts, name: string, mediaType: string, nameOf: (indicator_id: string) => string) =>
  workspaceFile({
    path: `/drafts/:draft/${name}`,
    summary: `A draft as it would stand in the project: its ${part}`,
    query: ofDraft,
    mediaType,
    async file({ query, workspace }) {
      const draft = await workspace.read((db) => draftOf(db, query.draft));
      const text = draft.texts[part];
      if (part === "targets") refuseFormulas(query.draft, text);
      return {
        key: [String(query.draft), String(lastVersion(draft).version), text],
        name: nameOf(draft.indicator_id),
        pieces: async () => [Buffer.from(text)],
      };
    },
  });

export default [
  workspaceRows({
    path: "/drafts",
    summary: "Drafts of indicators, with where they stand; the last that were begun first",
    query: nothing,
    row: draftRow,
    async rows(_snapshot, { workspace, definitions }) {
      const standing = definitions.all();
      const titles = (text: string) => definitions.headings.of(text).title;
      const drafts = await workspace.read((db) => readListed(db, titles));
      const rows = drafts.map((draft) => rowOf(draft, standing.get(draft.indicator_id))).reverse();
      return smallTable(
        columns,
        rows.map((row) => ({
          ...{ ...row, saved_at: ms(row.saved_at), proposed_at: ms(row.proposed_at), approved_at: ms(row.approved_at) },
        })),
      );
    },
  }),
  workspaceRoute({
    method: "post",
    path: "/drafts",
    summary:
      "Begins a draft: with the texts that are given, else with those that stand, of a template or of another indicator",
    query: nothing,
    body: { contentType: json, schema: newDraft, mostBytes },
    schema: draftWhole,
    async answer(writing) {
      const { body, workspace, definitions, today, tell } = writing;
      const { indicator_id } = body;
      const texts = firstTexts(body, definitions, today);
      const author = authorOf(writing);
      const draft_id = await workspace.write((db) => beginDraft(db, { indicator_id, ...texts }, author));
      tell({ selection: `/drafts/${draft_id}?indicator=${indicator_id}` });
      return whole(writing, draft_id);
    },
  }),
  workspaceRoute({
    method: "post",
    path: "/drafts/check",
    changes: false,
    summary: "What is wrong with a draft, as kvv check words it, and what its worked example gives",
    query: nothing,
    body: { contentType: json, schema: asked, mostBytes },
    schema: checked,
    answer: ({ body, ...asker }) => checkDraft(asker, body),
  }),
  workspaceRoute({
    method: "get",
    path: "/drafts/:draft",
    summary: "A draft, whole: its texts beside those that stand, and who did what with it",
    query: ofDraft,
    body: null,
    schema: draftWhole,
    answer: (writing) => {
      writing.pipelines.readyForDrafts();
      return whole(writing, writing.query.draft);
    },
  }),
  workspaceRoute({
    method: "put",
    path: "/drafts/:draft",
    summary: "Saves a draft's texts as its next version; 409 where somebody else saved after the version that is named",
    query: ofDraft,
    body: { contentType: json, schema: savedDraft, mostBytes },
    schema: draftWhole,
    async answer(writing) {
      const { query, body, workspace } = writing;
      await workspace.write((db) => saveDraft(db, query.draft, body, authorOf(writing)));
      return whole(writing, query.draft);
    },
  }),
  workspaceRoute({
    method: "get",
    path: "/drafts/:draft/versions/:version",
    summary: "A draft's texts as they were saved then",
    query: z.strictObject({ draft: draftId, version: draftId }),
    body: null,
    schema: draftVersion,
    async answer({ query, workspace }) {
      const { draft, version } = query;
      const found = await workspace.read(async (db) => {
        await draftOf(db, draft);
        return textsOf(db, draft, version);
      });
      if (!found) throw new Problem(404, `draft ${draft} has no version ${version}`, { code: "unknown-version" });
      return found;
    },
  }),
  workspaceRoute({
    method: "post",
    path: "/drafts/:draft/steps",
    summary: "Takes a step: propose, return, approve (by another controller than its authors), withdraw or comment",
    query: ofDraft,
    body: { contentType: json, schema: askedStep },
    schema: draftWhole,
    answer: step,
  }),
  file("definition", "definition.sql", "application/sql", (id) => `${id}.sql`),
  file("examples", "examples.yaml", "application/yaml", (id) => `${id}.yaml`),
  file("targets", "targets.csv", "text/csv", (id) => `${id}-targets.csv`),
];
