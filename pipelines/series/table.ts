import { identifier, literal, type Database } from "../database.ts";

/** Makes a temporary table of a few rows. */
export async function tableFromJson(
  db: Database,
  table: string,
  rows: object[],
  columns: Record<string, string>,
): Promise<void> {
  await db.run(
    `create or replace temp table ${identifier(table)} as
     select ${Object.keys(columns).map(identifier).join(", ")}
     from (select unnest(from_json($rows::json, $shape), recursive := true))`.replace(
      "$shape",
      literal(JSON.stringify([columns])),
    ),
    { rows: JSON.stringify(rows) },
  );
}
