import { addedColumns, tableColumns, type Contract } from "../contracts/contract.ts";
import type { Node } from "../indicators/parts.ts";
import { protectedColumns } from "../indicators/read.ts";
import { strangeLetters, type Objection } from "./query-text.ts";
import { aggregates, castTypes, scalars, windows } from "./vocabulary.ts";

/** The feeds that a draft may read, each with its columns. */
export type Readable = Map<string, Set<string>>;

/** Every feed with the columns of its contract; not the number of the load, which says nothing of what happened. */
export function readableIn(contracts: Iterable<Contract>): Readable {
  const found: Readable = new Map();
  for (const contract of contracts) {
    const columns = [...tableColumns(contract), ...addedColumns(contract)].map(({ name }) => name);
    found.set(contract.name, new Set(columns.filter((name) => name !== "load_id")));
  }
  return found;
}

/** How deep and how large the parse of a query may be: far more than any indicator needs. */
const mostDepth = 100;
const mostNodes = 4000;
/** What a `range` of numbers may yield. */
const mostNumbers = 1000;

/** Decides on the engine's parse of a query what a draft may say: what is not on a list is refused. */
export function objectionsTo(statements: unknown, readable: Readable): Objection[] {
  const judge = new Judge(readable);
  try {
    judge.statements(statements);
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return [{ at: null, message: error.message }];
  }
  return judge.found;
}

class TooMuch extends Error {}

/** Names that the engine knows without their being a column, and those of rows. */
const engineNames =
  /^(rowid|filename|file_row_number|file_index|current_\w+|session_user|user|localtime|localtimestamp|oid|tableoid|ctid)$/i;
const plainName = /^[a-z_][a-z0-9_]*$/i;
const isUnset = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === "" ||
  value === false ||
  (Array.isArray(value) && value.length === 0);

/** What every node has, and says nothing. */
const common = ["type", "class", "alias", "query_location"];

class Judge {
  readonly found: Objection[] = [];
  private readonly readable: Readable;
  private depth = 0;
  private nodes = 0;
  /** Names that tables, sub-queries and WITH clauses have in the query, and what columns are called in it. */
  private readonly tableNames = new Set<string>();
  private readonly columnNames = new Set<string>();
  /** What the query calls a feed with protected columns, unless a column of it has that name; and the columns of the feeds that it reads. */
  private readonly rowNames = new Set<string>();
  private readonly feedColumns = new Set<string>();
  private scope: string[] = [];

  constructor(readable: Readable) {
    this.readable = readable;
  }

  statements(value: unknown): void {
    for (const statement of value as Node[]) {
      this.gather(statement);
      this.statement(statement);
    }
  }

  private object(node: Node, message: string): void {
    const at = node.query_location;
    const known = typeof at === "number" && at < Number.MAX_SAFE_INTEGER;
    if (this.found.length < 20) this.found.push({ at: known ? at : null, message });
  }

  /** First every name that the query gives, and every column of the feeds that it reads. */
  private gather(value: unknown, depth = 0): void {
    if (depth > mostDepth * 3)
      throw new TooMuch(`the query nests more than ${mostDepth} deep; write it with fewer brackets`);
    if (Array.isArray(value)) {
      for (const item of value) this.gather(item, depth + 1);
      return;
    }
    if (!value || typeof value !== "object") return;
    const node = value as Node;
    if (typeof node.type === "string" && ++this.nodes > mostNodes)
      throw new TooMuch(`the query has more than ${mostNodes} parts; write a shorter one`);
    if (typeof node.alias === "string" && node.alias !== "") {
      (typeof node.class === "string" ? this.columnNames : this.tableNames).add(node.alias.toLowerCase());
      if (!plainName.test(node.alias) || engineNames.test(node.alias))
        this.object(node, `"${shown(node.alias)}" is no name for something of a query; ${plainRemedy(node.alias)}`);
    }
    if (node.type === "BASE_TABLE" && typeof node.table_name === "string") {
      const name = node.table_name.toLowerCase();
      this.tableNames.add(name);
      const columns = this.readable.get(name) ?? new Set<string>();
      for (const column of columns) {
        this.columnNames.add(column);
        this.feedColumns.add(column);
      }
      const called = (typeof node.alias === "string" && node.alias ? node.alias : name).toLowerCase();
      if ([...protectedColumns].some((column) => columns.has(column)) && !columns.has(called))
        this.rowNames.add(called);
    }
    if (node.type === "TABLE_FUNCTION")
      for (const name of (node.column_name_alias as string[] | undefined) ?? [])
        if (plainName.test(name) && !engineNames.test(name)) this.columnNames.add(name.toLowerCase());
    for (const item of Object.values(node)) this.gather(item, depth + 1);
  }

  private inside(node: Node, visit: () => void): void {
    if (++this.depth > mostDepth)
      throw new TooMuch(`the query nests more than ${mostDepth} deep; write it with fewer brackets`);
    visit();
    this.depth--;
  }

  /** Whatever stands in a node besides what is looked at is refused where it says anything. */
  private nothingElse(node: Node, looked: string[]): void {
    for (const [key, value] of Object.entries(node))
      if (!common.includes(key) && !looked.includes(key) && !isUnset(value))
        this.object(node, `${words(key)} is not permitted here`);
  }

  private statement(value: unknown): void {
    const statement = value as Node;
    this.nothingElse(statement, ["node", "named_param_map"]);
    this.query(statement.node as Node);
  }

  private query(node: Node): void {
    this.inside(node, () => {
      const outer = this.scope;
      this.withClauses(node);
      if (node.type === "SELECT_NODE") this.select(node);
      else if (node.type === "SET_OPERATION_NODE") {
        this.nothingElse(node, ["modifiers", "cte_map", "setop_type", "left", "right", "setop_all", "children"]);
        if (!["UNION", "EXCEPT", "INTERSECT"].includes(String(node.setop_type)))
          this.object(node, `${words(String(node.setop_type))} is not permitted; write union all`);
        for (const side of [node.left, node.right, ...((node.children as Node[] | undefined) ?? [])])
          if (side) this.query(side as Node);
      } else if (node.type === "RECURSIVE_CTE_NODE")
        this.object(node, "a WITH clause that reads itself (recursive) is not permitted: it may never end");
      else this.object(node, `${words(String(node.type))} is not permitted; write a SELECT from a feed`);
      this.modifiers(node);
      this.scope = outer;
    });
  }

  /** A WITH clause is known to those after it, and in the query it stands in. */
  private withClauses(node: Node): void {
    const clauses = ((node.cte_map as { map?: { key: string; value: Node }[] } | null)?.map ?? []) as {
      key: string;
      value: Node;
    }[];
    for (const { key, value } of clauses) {
      this.nothingElse(value, ["query", "materialized"]);
      const name = key.toLowerCase();
      if (!plainName.test(key)) this.object(value, `"${shown(key)}" is no name for a WITH clause; ${plainRemedy(key)}`);
      if (this.readable.has(name))
        this.object(value, `the WITH clause "${name}" has the name of a feed; choose another`);
      this.statement(value.query);
      this.scope = [...this.scope, name];
      this.tableNames.add(name);
    }
  }

  private select(node: Node): void {
    const looked = ["modifiers", "cte_map", "select_list", "from_table", "where_clause", "group_expressions"];
    this.nothingElse(node, [...looked, "group_sets", "aggregate_handling", "having", "qualify"]);
    if (node.sample) this.object(node, "a sample is not permitted: each time it would be another figure");
    if ((node.group_sets as unknown[]).length > 1)
      this.object(node, "group by cube, rollup or grouping sets is not permitted: the monitor adds up by itself");
    this.table(node.from_table as Node);
    this.stars(node);
    for (const each of node.select_list as Node[]) {
      if (each.class === "STAR") this.star(each);
      else this.all(each);
    }
    this.all(node.where_clause, node.group_expressions, node.having, node.qualify);
  }

  private modifiers(node: Node): void {
    for (const modifier of node.modifiers as Node[])
      switch (modifier.type) {
        case "ORDER_MODIFIER":
          this.orders(modifier);
          break;
        case "DISTINCT_MODIFIER":
          this.nothingElse(modifier, ["distinct_on_targets"]);
          this.all(modifier.distinct_on_targets);
          break;
        case "LIMIT_MODIFIER":
          this.nothingElse(modifier, ["limit", "offset"]);
          this.all(modifier.limit, modifier.offset);
          break;
        default:
          this.object(modifier, `${words(String(modifier.type))} is not permitted`);
      }
  }

  private orders(modifier: Node): void {
    this.nothingElse(modifier, ["orders"]);
    for (const order of modifier.orders as Node[]) {
      this.nothingElse(order, ["null_order", "expression"]);
      this.all(order.expression);
    }
  }

  private table(node: Node): void {
    this.inside(node, () => {
      if (node.sample) this.object(node, "a sample is not permitted: each time it would be another figure");
      switch (node.type) {
        case "BASE_TABLE":
          return this.baseTable(node);
        case "JOIN":
          return this.join(node);
        case "SUBQUERY":
          if (!isUnset(node.column_name_alias))
            this.object(node, "other names for the columns of a sub-query are not permitted; name them in it with as");
          this.nothingElse(node, ["sample", "subquery", "column_name_alias"]);
          return this.statement(node.subquery);
        case "TABLE_FUNCTION":
          return this.tableFunction(node);
        case "EMPTY":
          return this.object(node, "a SELECT without FROM is not permitted: a figure is made of a feed");
        default:
          return this.object(node, `${words(String(node.type))} is not permitted; name a feed after from`);
      }
    });
  }

  private baseTable(node: Node): void {
    const name = String(node.table_name).toLowerCase();
    this.nothingElse(node, ["sample", "table_name", "schema_name", "catalog_name", "column_name_alias"]);
    if (!isUnset(node.column_name_alias))
      this.object(node, `other names for the columns of ${shown(name)} are not permitted; name them with as`);
    if (!isUnset(node.schema_name) || !isUnset(node.catalog_name))
      this.object(
        node,
        `${shown([node.catalog_name, node.schema_name, name].filter(Boolean).join("."))} is not permitted; name the feed alone`,
      );
    else if (!this.readable.has(name) && !this.scope.includes(name))
      this.object(
        node,
        `there is no feed "${shown(name)}"${strangeLetters(name)}; a draft reads ${list([...this.readable.keys()])}`,
      );
  }

  private join(node: Node): void {
    this.nothingElse(node, ["sample", "left", "right", "condition", "join_type", "ref_type", "using_columns"]);
    if (!["REGULAR", "CROSS"].includes(String(node.ref_type)))
      this.object(
        node,
        `a ${words(String(node.ref_type))} join is not permitted; say on what it joins: join … using (unit_id)`,
      );
    if (!["INNER", "LEFT", "RIGHT", "OUTER", "SEMI", "ANTI"].includes(String(node.join_type)))
      this.object(node, `a ${words(String(node.join_type))} join is not permitted`);
    for (const name of node.using_columns as string[]) this.bareColumn(node, name);
    this.table(node.left as Node);
    this.table(node.right as Node);
    this.all(node.condition);
  }

  private tableFunction(node: Node): void {
    this.nothingElse(node, ["sample", "function", "column_name_alias", "with_ordinality"]);
    if (!["WITHOUT_ORDINALITY", undefined].includes(node.with_ordinality as string | undefined))
      this.object(node, "with ordinality is not permitted; take row_number() over (order by …)");
    const call = node.function as Node;
    const name = String(call.function_name).toLowerCase();
    if (!["unnest", "range", "generate_series"].includes(name))
      return this.object(
        call,
        `${shown(name)}() is not permitted: a draft reads feeds, ${list([...this.readable.keys()])}`,
      );
    for (const alias of node.column_name_alias as string[])
      if (!plainName.test(alias) || engineNames.test(alias))
        this.object(node, `"${shown(alias)}" is no name for something of a query; ${plainRemedy(alias)}`);
    this.plainCall(call);
    const children = call.children as Node[];
    if (name === "unnest") return this.all(children);
    const numbers = children.map(wholeNumber);
    const [from, to, step] = numbers.length === 1 ? [0, numbers[0], 1] : [numbers[0], numbers[1], numbers[2] ?? 1];
    const bounded = from != null && to != null && step != null && numbers.every((each) => each !== null) && step > 0;
    if (!bounded || (to - from) / step > mostNumbers)
      this.object(
        call,
        `${name}() after from needs whole numbers that are written out, and yields at most ${mostNumbers} of them`,
      );
  }

  /** What of a call is the engine's own, whatever the function. */
  private plainCall(call: Node): void {
    this.nothingElse(call, [
      "function_name",
      "schema",
      "catalog",
      "children",
      "filter",
      "order_bys",
      "distinct",
      "is_operator",
    ]);
    if (!["", "main"].includes(String(call.schema ?? "")) || !isUnset(call.catalog))
      this.object(
        call,
        `${shown(`${String(call.schema)}.${String(call.function_name)}`)} is not permitted; name the function alone`,
      );
  }

  /** A star would have columns read that are not named: protection follows the names. */
  private stars(node: Node): void {
    const starred = (node.select_list as Node[]).filter((each) => each.class === "STAR");
    if (starred.length === 0) return;
    const guarded = directTables(node.from_table as Node).filter((name) =>
      [...protectedColumns].some((column) => this.readable.get(name)?.has(column)),
    );
    for (const name of guarded)
      this.object(
        starred[0]!,
        `* of ${name} is not permitted, since it has columns about persons; name the columns that are read`,
      );
  }

  private all(...values: unknown[]): void {
    for (const value of values.flat()) if (value) this.expression(value as Node);
  }

  private expression(node: Node): void {
    this.inside(node, () => {
      switch (node.class) {
        case "COLUMN_REF":
          return this.columnRef(node);
        case "CONSTANT":
          return this.nothingElse(node, ["value"]);
        case "STAR":
          return this.object(node, "* is not permitted within an expression; name the columns that are read");
        case "FUNCTION":
          return this.call(node);
        case "WINDOW":
          return this.window(node);
        case "CAST":
          return this.cast(node);
        case "OPERATOR":
          return this.operator(node);
        case "COMPARISON":
          this.nothingElse(node, ["left", "right"]);
          return this.all(node.left, node.right);
        case "CONJUNCTION":
          this.nothingElse(node, ["children"]);
          return this.all(node.children);
        case "BETWEEN":
          this.nothingElse(node, ["input", "lower", "upper"]);
          return this.all(node.input, node.lower, node.upper);
        case "CASE":
          return this.choice(node);
        case "SUBQUERY":
          return this.subquery(node);
        default:
          return this.object(node, `${words(String(node.class))} is not permitted`);
      }
    });
  }

  private column(node: Node, name: string): void {
    const lower = name.toLowerCase();
    if (this.columnNames.has(lower)) return;
    if (this.tableNames.has(lower))
      this.object(node, `${lower} is a table, not a column; name the columns of it that are read`);
    else
      this.object(
        node,
        `there is no column "${shown(name)}"${strangeLetters(name)} in the feeds that the query reads, nor does the query name one so`,
      );
  }

  /** A name that stands alone may be a whole row of a feed, whatever else is called so elsewhere: the engine decides by what is near. */
  private bareColumn(node: Node, name: string): void {
    const lower = name.toLowerCase();
    // A feed and a column of another may have one name of old (population): what has that column is protected as a whole.
    const ofOld = this.readable.has(lower) && this.feedColumns.has(lower);
    if (!this.rowNames.has(lower) || ofOld) return this.column(node, name);
    this.object(
      node,
      `${shown(name)} is a table, not a column; name the columns of it that are read, as ${shown(name)}.column`,
    );
  }

  private columnRef(node: Node): void {
    this.nothingElse(node, ["column_names"]);
    const names = node.column_names as string[];
    const [qualifier] = names.length === 2 ? names : [];
    if (names.length > 2)
      this.object(node, `${shown(names.join("."))} is not permitted; write a column, or table.column`);
    else if (qualifier !== undefined && !this.tableNames.has(qualifier.toLowerCase()))
      this.object(node, `there is no table "${shown(qualifier)}" in the query`);
    else if (qualifier === undefined) this.bareColumn(node, names[0]!);
    else this.column(node, names[1]!);
  }

  private star(node: Node): void {
    this.nothingElse(node, ["relation_name", "exclude_list", "replace_list", "rename_list", "qualified_exclude_list"]);
    if (!isUnset(node.rename_list)) this.object(node, "* rename is not permitted; name the columns with as");
    if (!isUnset(node.qualified_exclude_list)) this.object(node, "* exclude takes names of columns alone");
    if (!isUnset(node.relation_name) && !this.tableNames.has(String(node.relation_name).toLowerCase()))
      this.object(node, `there is no table "${shown(String(node.relation_name))}" in the query`);
    const replaced = (node.replace_list as { key?: string; value?: Node }[] | undefined) ?? [];
    for (const each of replaced) this.all(each.value);
  }

  private call(node: Node): void {
    const name = String(node.function_name).toLowerCase();
    this.plainCall(node);
    const isAggregate = aggregates.has(name);
    if (!isAggregate && !scalars.has(name)) {
      const sign = /^\W+$/.test(name);
      this.object(
        node,
        `${sign ? shown(name) : `${shown(name)}()`} is not permitted in a draft${remedies[name] ? `; ${remedies[name]}` : ""}`,
      );
    }
    if ((name === "range" || name === "generate_series") && !stepsByMonth(node))
      this.object(
        node,
        `${name}() takes a first and a last moment and steps of whole months: range(from, to, interval 1 month)`,
      );
    this.orders(node.order_bys as Node);
    this.all(node.children, node.filter);
  }

  private window(node: Node): void {
    const looked = [
      "function_name",
      "schema",
      "catalog",
      "children",
      "partitions",
      "orders",
      "start",
      "end",
      "start_expr",
    ];
    this.nothingElse(node, [
      ...looked,
      ...[
        "end_expr",
        "offset_expr",
        "default_expr",
        "ignore_nulls",
        "filter_expr",
        "exclude_clause",
        "distinct",
        "arg_orders",
      ],
    ]);
    const name = String(node.function_name).toLowerCase();
    if (!windows.has(name) && !aggregates.has(name))
      this.object(node, `${shown(name)}() over is not permitted in a draft`);
    if (!["", "main"].includes(String(node.schema ?? "")) || !isUnset(node.catalog))
      this.object(node, `${shown(`${String(node.schema)}.${name}`)} is not permitted; name the function alone`);
    for (const order of [...(node.orders as Node[]), ...((node.arg_orders as Node[] | undefined) ?? [])])
      this.all(order.expression);
    this.all(
      node.children,
      node.partitions,
      node.start_expr,
      node.end_expr,
      node.offset_expr,
      node.default_expr,
      node.filter_expr,
    );
  }

  private cast(node: Node): void {
    this.nothingElse(node, ["child", "cast_type", "try_cast"]);
    const type = node.cast_type as { id: string; type_info: { child_type?: { id: string } } | null };
    const inner = type.id === "LIST" ? type.type_info?.child_type?.id : type.id;
    if (inner === undefined || !castTypes.has(inner))
      this.object(
        node,
        `the type ${shown(String(inner ?? type.id).toLowerCase())} is not permitted; take one of ${list([...castTypes].map((each) => each.toLowerCase()))}`,
      );
    this.all(node.child);
  }

  private operator(node: Node): void {
    this.nothingElse(node, ["children"]);
    const known = [
      "COMPARE_IN",
      "COMPARE_NOT_IN",
      "OPERATOR_COALESCE",
      "OPERATOR_IS_NULL",
      "OPERATOR_IS_NOT_NULL",
      "OPERATOR_NOT",
    ];
    if (!known.includes(String(node.type)))
      this.object(node, `${words(String(node.type))} is not permitted in a draft`);
    this.all(node.children);
  }

  private choice(node: Node): void {
    this.nothingElse(node, ["case_checks", "else_expr"]);
    for (const { when_expr, then_expr } of node.case_checks as Node[]) this.all(when_expr, then_expr);
    this.all(node.else_expr);
  }

  private subquery(node: Node): void {
    this.nothingElse(node, ["subquery_type", "subquery", "child", "comparison_type"]);
    if (!["SCALAR", "EXISTS", "NOT_EXISTS", "ANY"].includes(String(node.subquery_type)))
      this.object(node, `a sub-query of kind ${words(String(node.subquery_type))} is not permitted`);
    this.all(node.child);
    this.statement(node.subquery);
  }
}

/** What to write instead of what is asked for most. */
const remedies: Record<string, string> = {
  now: "a figure does not depend on the day on which it is computed",
  today: "a figure does not depend on the day on which it is computed",
  random: "a figure is the same each time",
  regexp_matches: "write like, or in with the values",
  list_transform: "write unnest(…) in a sub-query",
  list_filter: "write unnest(…) in a sub-query",
};

/** Tables that are read here and not in a sub-query, by name. */
function directTables(node: Node): string[] {
  if (node.type === "BASE_TABLE") return [String(node.table_name).toLowerCase()];
  if (node.type === "JOIN") return [node.left, node.right].flatMap((side) => directTables(side as Node));
  return [];
}

/** A whole number that is written out; null where it is none. */
function wholeNumber(node: Node): number | null {
  const value = (node.class === "CONSTANT" ? (node.value as Node).value : undefined) as unknown;
  return typeof value === "number" && Number.isSafeInteger(value) ? value : null;
}

/** Whether a range goes by so many months, which are written out. */
function stepsByMonth(call: Node): boolean {
  const step = (call.children as Node[])[2];
  if (step?.class !== "FUNCTION" || !["to_months", "to_years"].includes(String(step.function_name))) return false;
  let inner = (step.children as Node[])[0];
  while (inner?.class === "CAST" || (inner?.class === "FUNCTION" && inner.function_name === "trunc"))
    inner = inner.class === "CAST" ? (inner.child as Node) : (inner.children as Node[])[0];
  const number = inner && wholeNumber(inner);
  return typeof number === "number" && number > 0;
}

const plainRemedy = (name: string) =>
  engineNames.test(name) ? "choose another" : "write letters of a to z, digits and underscores";

const list = (names: string[]) => names.join(", ");
const words = (name: string) => name.toLowerCase().replaceAll("_", " ");

/** A text of a draft as it may stand in a message: one line, not long. */
function shown(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}]+/gu, " ");
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
