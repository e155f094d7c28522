import canonicalize from "canonicalize";
import type { Version } from "../actions/actions.ts";
import { lastVersions } from "../actions/store.ts";
import type { Database } from "../../pipelines/database.ts";
import { Problem, shown } from "../problem.ts";
import type { Snapshot, ScopedSnapshots } from "../snapshot.ts";
import { agreementKind, type Agreement } from "./agreements.ts";
import { carriedOf } from "./carried.ts";
import { documentOf, sealed, type ReviewDocument } from "./document.ts";
import { asksForPlan, isMissed, restatedSince, type Restated, type ReviewFigure } from "./figures.ts";
import { halfBefore, type Half } from "./half.ts";
import { planKind, type Plan } from "./plans.ts";
import { releaseOf, type Release } from "./releases.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { signedOf, stateOf, stepsOf, takeStep, type ReviewState, type ReviewStep, type Signed } from "./steps.ts";
import { textsOf, type Author, type ReviewKey, type ReviewText } from "./texts.ts";

/** Something that a review still needs before it can be submitted; `indicator_id` where it is about a figure. */
export interface Need {
  need: "release" | "comment" | "overall" | "plan";
  indicator_id: string | null;
}

/** A review as its readers meet it. */
export interface Review extends ReviewDocument {
  state: ReviewState;
  steps: ReviewStep[];
  release: Release | null;
  missing: Need[];
  /** SHA-256 over the canonical JSON of the document: of what was signed, else as it is now. */
  hash: string;
  /** Of the figures, since they were signed: beside them, never inside. */
  restated_since: Restated[];
}

/** The unit as it was at the half-year's end; 404 where there was none. */
export function unitIn(
  snapshot: Snapshot,
  unit_id: string,
  half: Half,
): { unit_id: string; name: string; level: string } {
  const periods = snapshot.catalogue.units.get(unit_id);
  if (!periods) throw new Problem(404, `no unit ${shown(unit_id)}`, { code: "unknown-unit" });
  const unit = periods.find(
    ({ valid_from, valid_to }) => (valid_from ?? "") <= half.end && (valid_to === null || valid_to >= half.end),
  );
  if (!unit) throw new Problem(404, `${shown(unit_id)} did not exist on ${half.end}`, { code: "no-review" });
  return unit;
}

/** What the review needs that it lacks. */
export function needsOf(
  figures: readonly Pick<ReviewFigure, "indicator_id" | "judgement" | "goal">[],
  texts: readonly ReviewText[],
  plans: readonly Pick<Plan, "indicator_id" | "state">[],
  released: boolean,
): Need[] {
  const planned = new Set(plans.filter(({ state }) => state !== "stopped").map(({ indicator_id }) => indicator_id));
  const said = new Set(texts.filter(({ text }) => text.trim() !== "").map(({ indicator_id }) => indicator_id));
  return [
    ...(released ? [] : [{ need: "release", indicator_id: null } as const]),
    ...(said.has(null) ? [] : [{ need: "overall", indicator_id: null } as const]),
    ...figures
      .filter((figure) => isMissed(figure) && !said.has(figure.indicator_id))
      .map(({ indicator_id }) => ({ need: "comment", indicator_id }) as const),
    ...figures
      .filter((figure) => asksForPlan(figure) && !planned.has(figure.indicator_id))
      .map(({ indicator_id }) => ({ need: "plan", indicator_id }) as const),
  ];
}

/** What is written of a review, and on which figures it stands. */
interface Written {
  steps: ReviewStep[];
  signed: Signed | null;
  release: Release | null;
  /** When the figures of the half-year before were released. */
  before: string | null;
  texts: ReviewText[];
  agreements: Agreement[];
  plans: Plan[];
  saved: Version[];
}

async function writtenOf(db: Database, key: ReviewKey, half: Half): Promise<Written> {
  return {
    steps: await stepsOf(db, key),
    signed: await signedOf(db, key),
    release: (await releaseOf(db, half.half)) ?? null,
    before: (await releaseOf(db, halfBefore(half).half))?.at ?? null,
    texts: await textsOf(db, key),
    agreements: await carriedOf(db, agreementKind, key),
    plans: await carriedOf(db, planKind, key),
    saved: await lastVersions(db),
  };
}

/** The review as it is now: what was signed as it was signed, else made of the released snapshot; before there is a release of the current one. */
export async function readReview(
  snapshots: ScopedSnapshots,
  workspace: Workspace,
  key: ReviewKey,
  half: Half,
): Promise<Review> {
  return reviewOf(snapshots, key, half, await workspace.read((db) => writtenOf(db, key, half)));
}

async function reviewOf(snapshots: ScopedSnapshots, key: ReviewKey, half: Half, written: Written): Promise<Review> {
  const { steps, signed, release } = written;
  const state = { state: stateOf(steps), steps, release };
  if (signed) {
    const document = JSON.parse(signed.document) as ReviewDocument;
    const restated_since = await snapshots.use(undefined, (snapshot) =>
      restatedSince(snapshot, key.unit_id, half, document.published_at),
    );
    return { ...document, ...state, missing: [], hash: signed.hash, restated_since };
  }
  const document = await askPinned(snapshots, release, (snapshot) =>
    documentOf(snapshot, unitIn(snapshot, key.unit_id, half), half, written),
  );
  const missing = needsOf(document.figures, document.texts, document.plans, release !== null);
  return { ...document, ...state, missing, hash: sealed(document).hash, restated_since: [] };
}

/** Takes a step with a review that lacks nothing; 422 that names what is missing, 409 where it was changed while it was read. */
export async function finish(
  snapshots: ScopedSnapshots,
  workspace: Workspace,
  { key, half, state, author }: { key: ReviewKey; half: Half; state: "submitted" | "signed"; author: Author },
): Promise<void> {
  const written = await workspace.read((db) => writtenOf(db, key, half));
  const { missing, release } = await reviewOf(snapshots, key, half, written);
  if (missing.length > 0)
    throw new Problem(422, `the review of ${half.half} cannot be ${state} yet: ${inWords(missing)}`, {
      code: "review-incomplete",
    });
  const document = await askPinned(snapshots, release, (snapshot) =>
    documentOf(snapshot, unitIn(snapshot, key.unit_id, half), half, written),
  );
  await workspace.write(async (db) => {
    if (canonicalize(await writtenOf(db, key, half)) !== canonicalize(written))
      throw new Problem(409, "the review was changed while you did this; read it and try again", {
        code: "review-changed",
      });
    await takeStep(db, key, state === "signed" ? { state, signed: sealed(document) } : { state }, author);
  });
}

function inWords(missing: readonly Need[]): string {
  const about = (asked: Need["need"]) =>
    missing.flatMap(({ need, indicator_id }) => (need === asked ? [indicator_id] : []));
  const [comments, plans] = [about("comment"), about("plan")];
  return [
    missing.some(({ need }) => need === "release") && "its figures are not released",
    missing.some(({ need }) => need === "overall") && "it has no overall comment",
    comments.length > 0 && `a missed target has no comment (${comments.join(", ")})`,
    plans.length > 0 && `a missed target figure has no plan (${plans.join(", ")})`,
  ]
    .filter(Boolean)
    .join("; ");
}

const askPinned = <T>(snapshots: ScopedSnapshots, release: Release | null, ask: (snapshot: Snapshot) => Promise<T>) =>
  release ? snapshots.useNamed(release.snapshot, ask) : snapshots.use(undefined, ask);
