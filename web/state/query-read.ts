import { groupedBy, type Comparison, type Condition, type Measure, type QueryForm, type Role } from "./query-form.ts";
import { isName, tokensOf, type Token } from "./sql-tokens.ts";

export interface Span {
  from: number;
  to: number;
}

/** A query that is of the form's shape, with where its parts stand. */
export interface ReadQuery {
  form: QueryForm;
  at: {
    /** Where the SELECT begins: comments may stand before it. */
    start: number;
    items: Map<Role, Span>;
    /** The conditions of each measure that has some. */
    filters: Map<Role, Span[]>;
    feed: Span;
    where: Span | null;
    conditions: Span[];
    group: Span | null;
    groupAll: boolean;
  };
}

/** The query is of another shape. */
class Other extends Error {}

/** Reads a query of the shape `select … from feed where … group by …` whose parts the form knows; null where it is of another. */
export function readQuery(sql: string): ReadQuery | null {
  const found = tokensOf(sql);
  if (!found || found.tokens.length === 0) return null;
  // A comment within would be lost with what it stands by.
  if (found.comments.some((at) => at > found.tokens[0]!.from)) return null;
  try {
    return new Reader(found.tokens).query();
  } catch (error) {
    if (error instanceof Other) return null;
    throw error;
  }
}

/** A query as a form; null where it is of another shape and stays text. */
export const queryForm = (sql: string): QueryForm | null => readQuery(sql)?.form ?? null;

type Item =
  | { role: "column"; column: string; as: string }
  | { role: "measure"; measure: Measure; conditions: Span[]; as: string }
  | { role: "days"; from: string; to: string }
  | { role: "within"; conditions: Condition[] }
  | { role: "withheld"; of: string };

const comparisons = new Set<string>(["=", "<>", "<", "<=", ">", ">="]);

class Reader {
  readonly #tokens: Token[];
  #at = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  query(): ReadQuery {
    const start = this.#word("select").from;
    const items: { item: Item; span: Span }[] = [];
    do {
      const from = this.#here();
      const item = this.#item();
      items.push({ item, span: { from, to: this.#before() } });
    } while (this.#takes(","));
    this.#word("from");
    const feedAt = this.#here();
    const feed = this.#name();
    const feedSpan = { from: feedAt, to: this.#before() };
    let where: Span | null = null;
    let conditions: { condition: Condition; span: Span }[] = [];
    const whereAt = this.#here();
    if (this.#takes("where")) {
      conditions = this.#conditions();
      where = { from: whereAt, to: this.#before() };
    }
    const { group, columns } = this.#group();
    if (this.#at < this.#tokens.length) throw new Other();
    const form = formOf(
      feed,
      items.map(({ item }) => item),
      conditions.map(({ condition }) => condition),
    );
    checkGroup(form, columns);
    return {
      form,
      at: {
        start,
        items: new Map(items.map(({ item, span }) => [roleOf(item), span])),
        filters: new Map(
          items.flatMap(({ item }) =>
            item.role === "measure" && item.conditions.length > 0 ? [[item.as as Role, item.conditions]] : [],
          ),
        ),
        feed: feedSpan,
        where,
        conditions: conditions.map(({ span }) => span),
        group,
        groupAll: columns === "all",
      },
    };
  }

  #item(): Item {
    const item = this.#expression();
    const as = this.#takes("as") ? this.#name(true) : null;
    switch (item.role) {
      case "column":
        return { ...item, as: as ?? item.column };
      case "measure":
        if (as === null) throw new Other();
        return { ...item, as };
      default:
        if (as !== item.role) throw new Other();
        return item;
    }
  }

  #expression(): Item {
    if (this.#next("coalesce", "(", "bool_or")) return this.#withheld();
    if (this.#next("count", "(")) {
      this.#all("count", "(", "*", ")");
      return this.#measure("rows", "");
    }
    if (this.#next("sum", "(")) {
      this.#all("sum", "(");
      const column = this.#name();
      this.#all(")");
      return this.#measure("sum", column);
    }
    const from = this.#at;
    const column = this.#name();
    if (this.#takes("-")) {
      const begin = this.#name();
      if (this.#next("as")) return { role: "days", from: begin, to: column };
    } else if (this.#next("as") || this.#next(",") || this.#next("from")) return { role: "column", column, as: column };
    this.#at = from;
    return { role: "within", conditions: this.#conditions().map(({ condition }) => condition) };
  }

  #measure(of: "rows" | "sum", column: string): Item {
    const found = this.#takes("filter") ? this.#filter() : [];
    const conditions = found.map(({ condition }) => condition);
    return {
      role: "measure",
      measure: { of, column, conditions },
      conditions: found.map(({ span }) => span),
      as: "",
    };
  }

  #filter() {
    this.#all("(");
    this.#takes("where");
    const found = this.#conditions();
    this.#all(")");
    return found;
  }

  /** Whether the source withheld something: `coalesce(bool_or(…), false)`. */
  #withheld(): Item {
    this.#all("coalesce", "(", "bool_or", "(");
    let of = "*";
    if (this.#next("len")) this.#all("len", "(", "withheld", ")", ">", "0");
    else {
      this.#all("list_contains", "(", "withheld", ",");
      of = this.#text();
      this.#all(")");
    }
    this.#all(")", ",", "false", ")");
    return { role: "withheld", of };
  }

  #conditions(): { condition: Condition; span: Span }[] {
    const found = [];
    do {
      const from = this.#here();
      const condition = this.#condition();
      found.push({ condition, span: { from, to: this.#before() } });
    } while (this.#takes("and"));
    return found;
  }

  #condition(): Condition {
    if (this.#next("coalesce", "(")) {
      this.#all("coalesce", "(");
      const column = this.#name();
      this.#all(",");
      const value = this.#text();
      this.#all(")", "=");
      if (this.#text() !== value) throw new Other();
      return { is: "or_empty", column, value };
    }
    if (this.#next("list_has_any", "(")) {
      this.#all("list_has_any", "(");
      const column = this.#name();
      this.#all(",", "[");
      const values = this.#texts("]");
      this.#all(")");
      return { is: "has", column, values };
    }
    const column = this.#name();
    if (this.#takes("is")) {
      const not = this.#takes("not");
      this.#all("null");
      return { is: not ? "filled" : "empty", column };
    }
    const not = this.#takes("not");
    if (not || this.#next("in")) {
      this.#all("in", "(");
      return { is: not ? "not_in" : "in", column, values: this.#texts(")") };
    }
    if (this.#takes("-")) {
      const from = this.#name();
      return { is: "days", from, to: column, comparison: this.#comparison(), number: this.#number() };
    }
    const comparison = this.#comparison();
    if (!this.#isText()) return { is: "number", column, comparison, number: this.#number() };
    if (comparison !== "=" && comparison !== "<>") throw new Other();
    return { is: comparison === "=" ? "in" : "not_in", column, values: [this.#text()] };
  }

  #group(): { group: Span | null; columns: string[] | "all" | null } {
    const from = this.#here();
    if (!this.#takes("group")) return { group: null, columns: null };
    this.#all("by");
    if (this.#takes("all")) return { group: { from, to: this.#before() }, columns: "all" };
    const columns = [];
    do columns.push(this.#name());
    while (this.#takes(","));
    return { group: { from, to: this.#before() }, columns };
  }

  #comparison(): Comparison {
    const token = this.#take();
    const value = token.value === "!=" ? "<>" : token.value;
    if (token.kind !== "sign" || !comparisons.has(value)) throw new Other();
    return value as Comparison;
  }

  #texts(end: string): string[] {
    const values = [];
    do values.push(this.#text());
    while (this.#takes(","));
    this.#all(end);
    return values;
  }

  #text(): string {
    const token = this.#take();
    if (token.kind !== "text") throw new Other();
    return token.value;
  }

  #isText(): boolean {
    return this.#tokens[this.#at]?.kind === "text";
  }

  #number(): number {
    const isNegative = this.#takes("-");
    const token = this.#take();
    if (token.kind !== "number") throw new Other();
    return isNegative ? -Number(token.value) : Number(token.value);
  }

  /** A name; after AS any word is one. */
  #name(any = false): string {
    const token = this.#take();
    if (!isName(token) && !(any && token.kind === "word")) throw new Other();
    return token.value;
  }

  #word(value: string): Token {
    const token = this.#take();
    if (token.kind !== "word" || token.value !== value) throw new Other();
    return token;
  }

  #take(): Token {
    const token = this.#tokens[this.#at++];
    if (!token) throw new Other();
    return token;
  }

  /** Takes signs and words that must stand here. */
  #all(...values: string[]): void {
    for (const value of values) if (!this.#takes(value)) throw new Other();
  }

  #takes(value: string): boolean {
    if (!this.#next(value)) return false;
    this.#at++;
    return true;
  }

  #next(...values: string[]): boolean {
    return values.every((value, i) => {
      const token = this.#tokens[this.#at + i];
      return token?.value === value && token.kind !== "text" && token.kind !== "name";
    });
  }

  #here(): number {
    return this.#tokens[this.#at]?.from ?? this.#before();
  }

  #before(): number {
    return this.#tokens[this.#at - 1]!.to;
  }
}

function roleOf(item: Item): Role {
  if (item.role === "measure") return item.as as Role;
  if (item.role !== "column") return item.role;
  return cells.has(item.as) ? (item.as as Role) : `by ${item.as}`;
}

/** Names of a cell's own columns, which no breakdown has. */
const cells = new Set(["unit_id", "month", "until", "numerator", "denominator", "unknown"]);
/** Columns of cells that the form does not know. */
const others = new Set([
  "numerator2",
  "denominator2",
  "days",
  "waiting",
  "share",
  "share_step",
  "within",
  "whole",
  "withheld",
]);
const measures = new Set(["numerator", "denominator", "unknown"]);

function formOf(feed: string, items: Item[], conditions: Condition[]): QueryForm {
  const taken = new Set<string>();
  let month: string | null = null;
  let numerator: Measure | null = null;
  const form = {
    ...{ until: null, days: null, denominator: null, unknown: null, within: null, withheld: null },
    breakdowns: [],
  } as Omit<QueryForm, "feed" | "month" | "numerator" | "conditions">;
  for (const item of items) {
    const role = roleOf(item);
    if (taken.has(role)) throw new Other();
    taken.add(role);
    if (item.role === "withheld") form.withheld = item.of;
    else if (item.role === "within") form.within = item.conditions;
    else if (item.role === "days") form.days = { from: item.from, to: item.to };
    else if (measures.has(item.as)) {
      const measure = item.role === "measure" ? item.measure : asMeasure(item.column);
      if (item.as === "numerator") numerator = measure;
      else form[item.as as "denominator" | "unknown"] = measure;
    } else if (item.role === "measure") throw new Other();
    else if (item.as === "month") month = item.column;
    else if (item.as === "until") form.until = item.column;
    else if (item.as === "unit_id") {
      if (item.column !== "unit_id") throw new Other();
    } else if (others.has(item.as)) throw new Other();
    else form.breakdowns.push({ name: item.as, column: item.column });
  }
  if (!taken.has("unit_id") || month === null || numerator === null) throw new Other();
  return {
    feed,
    month,
    until: form.until,
    days: form.days,
    numerator,
    denominator: form.denominator,
    unknown: form.unknown,
    within: form.within,
    conditions,
    breakdowns: form.breakdowns,
    withheld: form.withheld,
  };
}

const asMeasure = (column: string): Measure => ({ of: "column", column, conditions: [] });

/** Rows are taken together by what stands by itself, if anything is counted, and else not at all. */
function checkGroup(form: QueryForm, columns: string[] | "all" | null): void {
  const counted = [form.numerator, form.denominator, form.unknown].filter((each) => each !== null);
  const isCounted = form.withheld !== null || counted.some((each) => each.of !== "column");
  if (!isCounted && columns === null) return;
  const mixed = isCounted && counted.some((each) => each.of === "column");
  if (!isCounted || columns === null || mixed) throw new Other();
  if (columns !== "all" && [...columns].sort().join("\n") !== groupedBy(form).sort().join("\n")) throw new Other();
}
