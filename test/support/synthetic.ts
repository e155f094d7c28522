import { Database } from "../../pipelines/database.ts";
import { createTableSql } from "../../pipelines/contracts/contract.ts";
import type { Definition } from "../../pipelines/indicators/definition.ts";
import { feedsIn, readDefinition } from "../../pipelines/indicators/read.ts";
import { computeSeries } from "../../pipelines/series/series.ts";
import type { Target } from "../../pipelines/targets.ts";
import { contracts } from "./figures.ts";

/** The text of a definition file with a sound header; `keys` are lines of YAML that it has besides. */
export const definitionText = (keys: string[], sql: string): string => `/*---
title: { nl: Titel, en: Title }
question: { nl: Vraag, en: Question }
description: { nl: Tekst, en: Text }
why: { nl: Daarom, en: Because }
sentence: { nl: "{period} {value}", en: "{period} {value}" }
focus: connection
owner: Iemand
source: [KVV]
polarity: up
numerator: { nl: dingen, en: things }
denominator: { nl: alles, en: all }
reviewed: 2026-11-24
${keys.join("\n")}
---*/
${sql}
`;

export const firstVersion = "version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste, en: First } }";

/** A definition made up for a test. */
export async function synthetic(id: string, keys: string[], sql: string): Promise<Definition> {
  const db = await Database.open(":memory:", { threads: "1" });
  try {
    for (const contract of contracts.values()) await db.run(createTableSql(contract));
    const lines = keys.some((key) => key.startsWith("version")) ? keys : [...keys, firstVersion];
    const { definition, faults } = await readDefinition(await feedsIn(db), id, definitionText(lines, sql), `${id}.sql`);
    if (!definition) throw new Error(JSON.stringify(faults));
    return definition;
  } finally {
    db.close();
  }
}

/** Computes definitions made up for a test and leaves their figures in the table `series` of `db`. */
export async function computeSynthetic(
  db: Database,
  definitions: Definition[],
  { today, targets = [] }: { today: string; targets?: Target[] },
): Promise<void> {
  await computeSeries(db, { definitions, targets, today, freshness: new Map() });
}
