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
  /** Its first cell; its first figure, and its last. */
  first: number;
  first_figure: number;
  last_figure: number;
  /** Another where any of its cells or figures is. */
  fingerprint: string;
}

type Table = "figures_of_cells" | "audited_figures";

/** The indicators of a table, in order. Cells of two of them have nothing to do with each other. `figures_left`: what is left of `figures_of_cells` without `complements`. */
export const listIndicators = (db: Database, table: Table | "figures_left"): Promise<Listed[]> =>
  db.all(
    `select indicator_id, cells.first, figures.first_figure, figures.last_figure, concat_ws('-', cells.fingerprint, figures.fingerprint) as fingerprint
     from (
       select indicator_id, min(cell)::integer as first, ${fingerprintOf("cell, numerator, denominator")} as fingerprint
       from numbered_cells group by indicator_id
     ) as cells
     join (
       select indicator_id, min(figure)::integer as first_figure, max(figure)::integer as last_figure,
         ${fingerprintOf("figure, cells, numerator, people, exact, band, is_window, least_whole, least_part, of_force")} as fingerprint
       from ${table} group by indicator_id
     ) as figures using (indicator_id)
     order by indicator_id`,
  );

/** Of numbered rows: 128 bits that do not hang on their order. */
const fingerprintOf = (columns: string) =>
  `concat_ws('-', count(*), sum(hash(${columns})::hugeint), bit_xor(hash(${columns})))`;

/** The parts of an indicator's figures. */
export async function* readParts(db: Database, table: Table, asked: Listed): AsyncGenerator<NumberedPart> {
  const { indicator_id, first } = asked;
  const cells = await db.all<{ numerator: number; people: number }>(
    "select numerator, denominator as people from numbered_cells where indicator_id = $indicator_id order by cell",
    { indicator_id },
  );
  const figures = await db.all<CellFigure>(
    `select figure, list_transform(cells, lambda cell: (cell - $first + 1)::integer) as cells, numerator, people, exact, band, is_window,
       least_whole, least_part, cost, of_force
     from ${table} where indicator_id = $indicator_id order by figure`,
    { indicator_id, first },
  );
  const most = Float64Array.from(cells, ({ people }) => people);
  const truth = Float64Array.from(cells, ({ numerator }) => numerator);
  yield* partsOf(figures, most, truth);
}
