import type { Route } from "../route.ts";
import actions from "./actions.ts";
import audit from "./audit.ts";
import breaks from "./breaks.ts";
import calendar from "./calendar.ts";
import compare from "./compare.ts";
import disclosure from "./disclosure.ts";
import drafts from "./drafts.ts";
import evaluations from "./evaluations.ts";
import events from "./events.ts";
import feeds from "./feeds.ts";
import files from "./files.ts";
import indicators from "./indicators.ts";
import limits from "./limits.ts";
import lineage from "./lineage.ts";
import loads from "./loads.ts";
import meta from "./meta.ts";
import overview from "./overview.ts";
import plan from "./plan.ts";
import preview from "./preview.ts";
import quarantine from "./quarantine.ts";
import recent from "./recent.ts";
import reconciliation from "./reconciliation.ts";
import references from "./references.ts";
import refusals from "./refusals.ts";
import register from "./register.ts";
import releases from "./releases.ts";
import reports from "./reports.ts";
import restatements from "./restatements.ts";
import results from "./results.ts";
import reviews from "./reviews.ts";
import runs from "./runs.ts";
import series from "./series.ts";
import session from "./session.ts";
import signals from "./signals.ts";
import subjects from "./subjects.ts";
import units from "./units.ts";
import work from "./work.ts";
import workbench from "./workbench.ts";

/** Every route below `/api/v1`, in the order of the OpenAPI document. */
export const routes: readonly Route[] = [
  ...meta,
  ...units,
  ...indicators,
  ...series,
  ...overview,
  ...results,
  ...compare,
  ...limits,
  ...signals,
  ...recent,
  ...disclosure,
  ...restatements,
  ...breaks,
  ...events,
  ...calendar,
  ...references,
  ...reconciliation,
  ...feeds,
  ...register,
  ...files,
  ...runs,
  ...work,
  ...lineage,
  ...loads,
  ...refusals,
  ...quarantine,
  ...plan,
  ...reviews,
  ...reports,
  ...evaluations,
  ...subjects,
  ...releases,
  ...actions,
  ...drafts,
  ...preview,
  ...workbench,
  ...audit,
  ...session,
];
