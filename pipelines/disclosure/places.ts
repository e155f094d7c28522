import { readFileSync } from "node:fs";
import path from "node:path";
import type { Database } from "../database.ts";
import { partsOf, type CellFigure, type NumberedPart } from "./parts.ts";

const places = readFileSync(path.join(import.meta.dirname, "places.sql"), "utf8");

/** Numbers the finest cells, and finds all units to which each counts. */
export const findPlaces = (db: Database): Promise<void> => db.run(places);

/** The parts of a table of figures over the finest cells, one indicator after another: cells of two have nothing to do with each other. */
export async function* readParts(
  db: Database,
  table: "figures_of_cells" | "audited_figures",
): AsyncGenerator<NumberedPart> {
  const indicators = await db.all<{ indicator_id: string; first: number }>(
    `select indicator_id, min(cell)::integer as first from numbered_cells
     semi join ${table} using (indicator_id) group by indicator_id order by indicator_id`,
  );
  for (const asked of indicators) {
    const cells = await db.all<{ numerator: number; people: number }>(
      "select numerator, denominator as people from numbered_cells where indicator_id = $indicator_id order by cell",
      { indicator_id: asked.indicator_id },
    );
    const figures = await db.all<CellFigure>(
      `select figure, list_transform(cells, lambda cell: (cell - $first + 1)::integer) as cells, numerator, people, exact, band, is_window,
         least_whole, least_part, cost, of_force
       from ${table} where indicator_id = $indicator_id order by figure`,
      { ...asked },
    );
    const most = Float64Array.from(cells, ({ people }) => people);
    const truth = Float64Array.from(cells, ({ numerator }) => numerator);
    yield* partsOf(figures, most, truth);
  }
}
