import { z } from "zod";
import type { AskedFigure, Lineage } from "../../pipelines/lineage/lineage.ts";
import { id, knownIndicators, knownUnits } from "../fields.ts";
import { examples, parsePeriod, type CalendarGrain } from "../period.ts";
import { Problem, shown } from "../problem.ts";
import { workspaceRoute } from "../route.ts";
import type { Snapshot } from "../snapshot.ts";
import { rowsOf } from "../table.ts";

const grains = ["month", "quarter", "half", "year", "r12", "target"] as const;

const query = z.strictObject({
  indicator: id,
  unit: id,
  grain: z.enum(grains, `is none of ${grains.join(", ")}`),
  period: id.meta({ description: "The last day of the period, or the period as 2016-07, 2016-Q3, 2016-H2 or 2016" }),
});
type Query = z.output<typeof query>;

const load = z.object({
  load_id: z.number().int(),
  file: z.string(),
  finished_at: z.iso.datetime(),
  from_month: z.iso.date().meta({ description: "The first month of the figure in which it has rows" }),
  to_month: z.iso.date(),
  rows: z
    .number()
    .int()
    .nullable()
    .meta({ description: "Null where that would tell of people what the figure must not" }),
});

/** The last day of the asked period; 400 for a text that is none. */
function lastDayOf({ grain, period }: Query): string {
  if (z.iso.date().safeParse(period).success) return period;
  const found = grain === "r12" || grain === "target" ? null : parsePeriod(grain, period);
  if (found) return found.end;
  const example = Object.hasOwn(examples, grain) ? `${examples[grain as CalendarGrain]} or ` : "";
  throw new Problem(400, `period: ${shown(period)} is no ${grain}; write one as ${example}its last day, 2016-12-31`, {
    code: "bad-query",
  });
}

/** The figure that is asked; 404 where the snapshot has none. */
async function figureOf(snapshot: Snapshot, asked: Query): Promise<AskedFigure & { definition_version: number }> {
  knownIndicators(snapshot, [asked.indicator]);
  knownUnits(snapshot, [asked.unit]);
  const { indicator: indicator_id, unit: unit_id, grain } = asked;
  const period_end = lastDayOf(asked);
  const found = await snapshot.query(
    `select period_start, definition_version from series
     where indicator_id = $indicator_id and unit_id = $unit_id and grain = $grain and period_end = $period_end::date
       and breakdown is null limit 1`,
    { indicator_id, unit_id, grain, period_end },
  );
  const [row] = (await rowsOf(found)) as unknown as { period_start: string; definition_version: number }[];
  if (row) return { indicator_id, unit_id, grain, period_end, ...row };
  throw new Problem(
    404,
    `there is no figure of ${shown(indicator_id)} for ${shown(unit_id)} by ${grain} to ${period_end}; GET /api/v1/series names those that there are`,
    { code: "unknown-figure" },
  );
}

export default [
  workspaceRoute({
    method: "get",
    path: "/lineage",
    summary: "Where a figure comes from: the version of its definition, and by feed the loads whose rows are in it",
    query,
    body: null,
    schema: z.object({
      indicator_id: z.string(),
      unit_id: z.string(),
      grain: z.enum(grains),
      period_start: z.iso.date(),
      period_end: z.iso.date(),
      definition_version: z.number().int(),
      valid_from: z.iso.date().meta({ description: "From when that version holds" }),
      published_load: z.number().int().meta({ description: "The last load that the published figure can have" }),
      through_load: z
        .number()
        .int()
        .meta({ description: "The last load that there is: the rows are looked up as of now" }),
      feeds: z.array(z.object({ feed: z.string(), title_nl: z.string(), title_en: z.string(), loads: z.array(load) })),
    }),
    async answer({ query, snapshots, pipelines, contracts }) {
      const { figure, published_load } = await snapshots.use(undefined, async (snapshot) => ({
        figure: await figureOf(snapshot, query),
        published_load: snapshot.manifest.last_load ?? 0,
      }));
      const { definition_version, ...asked } = figure;
      const lineage = await pipelines.ask<Lineage>("lineage", [], { figure: asked });
      const titles = await contracts.all();
      return {
        ...{ ...asked, definition_version, valid_from: lineage.valid_from },
        ...{ published_load, through_load: lineage.through_load },
        feeds: lineage.feeds.map(({ feed, loads }) => {
          const { nl = feed, en = feed } = titles.get(feed)?.title ?? {};
          return { feed, title_nl: nl, title_en: en, loads };
        }),
      };
    },
  }),
];
