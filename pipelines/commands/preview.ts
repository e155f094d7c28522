import type { OwnerCommand } from "../command.ts";
import { isDemoHome } from "../demo-home.ts";
import { proofsIn } from "../disclosure/proofs.ts";
import { readFreshness } from "../freshness.ts";
import { Refusal, Usage } from "../problem.ts";
import { faultLines } from "../project.ts";
import { dropTemporary } from "../database.ts";
import { computeSeries } from "../series/series.ts";

interface Figure {
  unit_id: string;
  grain: string;
  period_start: string;
  period_end: string;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  judgement: string;
  complete: boolean;
  withheld_reason: string | null;
}

interface Result {
  indicator_id: string;
  rows: Figure[];
}

export const command: OwnerCommand<Result> = {
  usage: "preview <id> [--unit U]",
  help: "An indicator's figures from the warehouse, through the disclosure gate, without publishing",
  options: { unit: { type: "string" } },
  where: "owner",
  async run({ db, context, project, positionals, values }) {
    const [id] = positionals;
    if (!id || positionals.length > 1) throw new Usage(`name one indicator\nusage: kvv ${command.usage}`);
    const definition = project.definitions.find((each) => each.id === id);
    const faults = project.faults.filter((fault) => fault.file.endsWith(`${id}.sql`));
    if (faults.length > 0) throw new Refusal(faultLines(faults));
    if (!definition)
      throw new Usage(`no indicator "${id}"; there are: ${project.definitions.map((each) => each.id).join(", ")}`);
    const unit = values.unit;
    if (typeof unit === "string" && !(await db.one("select 1 from units where unit_id = $unit limit 1", { unit })))
      throw new Usage(`no unit "${unit}"`);
    const feeds = await readFreshness(db, context, project.contracts, project.jobs);
    const demo = isDemoHome(context.settings.home);
    const work = await db.connect();
    try {
      await computeSeries(work, {
        definitions: [definition],
        targets: project.targets.filter((target) => target.indicator_id === id && (demo || !target.demo)),
        today: context.now().toISOString().slice(0, 10),
        proofs: proofsIn(context.settings.home, context.prove && (() => undefined)),
        freshness: new Map(feeds.map((feed) => [feed.feed, feed.freshness])),
      });
      const rows = await work.all<Figure>(
        `select unit_id, grain, period_start, period_end, value, numerator, denominator, judgement, complete, withheld_reason
         from series
         where breakdown is null and case when $unit::varchar is null then unit_id in (select unit_id from unit_levels where level in ('force', 'unit'))
           and grain in ('year', 'target') else unit_id = $unit end
         order by unit_id, grain, period_start, period_end`,
        { unit: typeof unit === "string" ? unit : null },
      );
      return { indicator_id: id, rows };
    } finally {
      await dropTemporary(work);
      work.disconnect();
    }
  },
  print: ({ indicator_id, rows }) =>
    rows.length === 0
      ? `${indicator_id}: no figures; its feeds cover nothing yet`
      : rows.map((row) => inWords(row)).join("\n"),
};

function inWords(row: Figure): string {
  const value = row.value === null ? (row.withheld_reason ?? "-") : String(Number(row.value.toPrecision(4)));
  const base =
    row.numerator === null
      ? ""
      : ` (${row.numerator}${row.denominator === null ? "" : ` of ${Number(row.denominator.toFixed(1))}`})`;
  const state = row.complete ? "" : " provisional";
  return `${row.unit_id}  ${row.grain}  ${row.period_start} ${row.period_end}  ${value}${base}  ${row.judgement}${state}`;
}
