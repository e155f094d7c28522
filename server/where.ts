import type { DuckDBValue } from "@duckdb/node-api";
import { identifier } from "../pipelines/database.ts";
import type { Parameters } from "./queries.ts";

/** Conditions that all hold, with the values bound to them. */
export interface Where {
  sql: string;
  parameters: Parameters;
}

/** Collects conditions. */
export class Conditions {
  private readonly texts: string[] = [];
  private readonly parameters: Parameters = {};

  /** `condition` as it stands; its values go by their names. */
  and(condition: string, values: Parameters = {}): this {
    this.texts.push(condition);
    Object.assign(this.parameters, values);
    return this;
  }

  /** The column is one of the values; no condition where there is no list. */
  oneOf(column: string, values: readonly string[] | null | undefined): this {
    if (!values) return this;
    const names = values.map((value, index): [string, DuckDBValue] => [`${column}_${index}`, value]);
    const list = names.map(([name]) => `$${name}`).join(", ");
    return this.and(names.length === 1 ? `${identifier(column)} = ${list}` : `${identifier(column)} in (${list})`, {
      ...Object.fromEntries(names),
    });
  }

  /** The column is one of the values, or holds for all. */
  oneOfOrNone(column: string, values: readonly string[] | null | undefined): this {
    if (!values) return this;
    const { sql, parameters } = new Conditions().oneOf(column, values).where;
    return this.and(`(${identifier(column)} is null or ${sql.replace(/^where /, "")})`, parameters);
  }

  get where(): Where {
    return { sql: this.texts.length ? `where ${this.texts.join(" and ")}` : "", parameters: this.parameters };
  }
}
