import type { ScopedSnapshots } from "../snapshot.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { isMissed, unitRows } from "./figures.ts";
import type { Half } from "./half.ts";
import type { Plan } from "./plans.ts";
import { releaseOf, type Release } from "./releases.ts";
import { needsOf, type Need } from "./review.ts";
import type { ReviewState } from "./steps.ts";
import type { ReviewText } from "./texts.ts";

/** How far a unit's review is. */
export interface Progress {
  unit_id: string;
  unit_name: string;
  level: string;
  half: string;
  state: ReviewState;
  /** When it last changed; null where nothing was written yet. */
  changed_at: string | null;
  /** Figures of which a target was missed. */
  missed: number;
  open_agreements: number;
  missing: Need[];
}

interface WrittenOf {
  unit_id: string;
  state: ReviewState | null;
  changed_at: string | null;
  open_agreements: number;
}

/** The reviews of a half-year: those of the force and of the units. */
export async function progressOf(
  snapshots: ScopedSnapshots,
  workspace: Workspace,
  half: Half,
): Promise<{ release: Release | null; reviews: Progress[] }> {
  const { release, written, texts, plans } = await workspace.read(async (db) => ({
    release: (await releaseOf(db, half.half)) ?? null,
    written: await db.all<WrittenOf>(
      `with changes as (
         select unit_id, saved_at as changed_at from review_texts where half = $half
         union all select unit_id, acted_at from review_steps where half = $half
         union all select unit_id, saved_at from agreements where half = $half
         union all select unit_id, saved_at from plans where half = $half
       ),
       last_steps as (select unit_id, arg_max(state, step) as state from review_steps where half = $half group by unit_id),
       known as (
         select unit_id, agreement_id, arg_max(state, version) as state from agreements where half <= $half group by all
       ),
       counts as (select unit_id, count(*) filter (state = 'open') as open_agreements from known group by unit_id)
       select unit_id, last_steps.state, changed_at, coalesce(open_agreements, 0) as open_agreements
       from (select unit_id, max(changed_at) as changed_at from changes group by unit_id)
       full join last_steps using (unit_id)
       full join counts using (unit_id)`,
      { half: half.half },
    ),
    plans: await db.all<Pick<Plan, "indicator_id" | "state"> & { unit_id: string }>(
      `with known as (
         select *, bool_or(half < $half and state <> 'open') over (partition by plan_id) as ended_before from plans where half <= $half
       )
       select unit_id, indicator_id, state from known where not ended_before
       qualify row_number() over (partition by plan_id order by version desc) = 1`,
      { half: half.half },
    ),
    texts: await db.all<ReviewText & { unit_id: string }>(
      `select unit_id, indicator_id, text, version, saved_at, saved_by from review_texts where half = $half
       qualify row_number() over (partition by unit_id, indicator_id order by version desc) = 1`,
      { half: half.half },
    ),
  }));
  const ask = async (snapshot: Parameters<Parameters<ScopedSnapshots["use"]>[1]>[0]) => {
    const rows = await unitRows(snapshot, half);
    const units = [...snapshot.catalogue.units.values()]
      .flat()
      .filter(
        ({ level, valid_from, valid_to }) =>
          ["force", "unit"].includes(level) &&
          (valid_from ?? "") <= half.end &&
          (valid_to === null || valid_to >= half.end),
      );
    return units.map((unit): Progress => {
      const own = written.find(({ unit_id }) => unit_id === unit.unit_id);
      const figures = rows.filter(({ unit_id }) => unit_id === unit.unit_id);
      const state = own?.state ?? "draft";
      const said = texts.filter(({ unit_id }) => unit_id === unit.unit_id);
      return {
        ...{ unit_id: unit.unit_id, unit_name: unit.name, level: unit.level, half: half.half, state },
        changed_at: own?.changed_at ?? null,
        missed: figures.filter(isMissed).length,
        open_agreements: own?.open_agreements ?? 0,
        missing:
          state === "signed"
            ? []
            : needsOf(
                figures,
                said,
                plans.filter(({ unit_id }) => unit_id === unit.unit_id),
                release !== null,
              ),
      };
    });
  };
  const reviews = await (release ? snapshots.useNamed(release.snapshot, ask) : snapshots.use(undefined, ask));
  const byForce = (a: Progress, b: Progress) =>
    Number(b.level === "force") - Number(a.level === "force") || a.unit_name.localeCompare(b.unit_name, "nl");
  return { release, reviews: reviews.sort(byForce) };
}
