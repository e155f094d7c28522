import { readFileSync } from "node:fs";
import path from "node:path";
import type { Database } from "../database.ts";
import { partsOf, type CellFigure, type NumberedPart } from "./parts.ts";

const places = readFileSync(path.join(import.meta.dirname, "places.sql"), "utf8");

/** Numbers the finest cells, and finds all units to which each counts. */
export const findPlaces = (db: Database): Promise<void> => db.run(places);

/** The protected figures of an indicator, in a table of figures over the finest cells. */
export interface Listed {
  indicator_id: string;
  /** Its first figure, and its last. */
  first_figure: number;
  last_figure: number;
  /** Another where any of its cells or figures is. */
  fingerprint: string;
}

type Table = "figures_of_cells" | "audited_figures";

/** The indicators of a table, in order. Cells of two of them have nothing to do with each other. `figures_left`: what is left of `figures_of_cells` without `complements`. */
export const listIndicators = (db: Database, table: Table | "figures_left"): Promise<Listed[]> =>
  db.all(
    `select indicator_id, figures.first_figure, figures.last_figure, concat_ws('-', cells.fingerprint, figures.fingerprint) as fingerprint
     from (
       select indicator_id, ${fingerprintOf("cell, round(numerator, 6), round(denominator, 6)")} as fingerprint
       from numbered_cells group by indicator_id
     ) as cells
     join (
       select indicator_id, any_value(first_figure) as first_figure, max(figure)::integer as last_figure,
         ${fingerprintOf("figure - first_figure, cells, round(numerator, 6), round(people, 6), exact, band, is_window, least_whole, least_part, of_force")} as fingerprint
       from ${table} join (select indicator_id, min(figure)::integer as first_figure from ${table} group by indicator_id) using (indicator_id)
       group by indicator_id
     ) as figures using (indicator_id)
     order by indicator_id`,
  );

/** Of numbered rows, whatever their order: sums of two hashes of each, as one may be blind to a change. Sums of fractions differ in their last digits with the order in which they were added. */
const fingerprintOf = (columns: string) =>
  `concat_ws('-', count(*), sum(hash(${columns})::hugeint), sum(hash('again', ${columns})::hugeint))`;

/** The parts of an indicator's figures. */
export async function* readParts(
  db: Database,
  table: Table,
  { indicator_id }: Pick<Listed, "indicator_id">,
): AsyncGenerator<NumberedPart> {
  const cells = await db.all<{ numerator: number; people: number }>(
    "select numerator, denominator as people from numbered_cells where indicator_id = $indicator_id order by cell",
    { indicator_id },
  );
  const figures = await db.all<CellFigure>(
    `select figure, cells, numerator, people, exact, band, is_window, least_whole, least_part, cost, of_force
     from ${table} where indicator_id = $indicator_id order by figure`,
    { indicator_id },
  );
  const most = Float64Array.from(cells, ({ people }) => people);
  const truth = Float64Array.from(cells, ({ numerator }) => numerator);
  yield* partsOf(figures, most, truth);
}
