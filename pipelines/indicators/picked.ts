import { storedColumns, tableColumns, type Contract } from "../contracts/contract.ts";
import type { Node } from "./parts.ts";

/**
 * What a value is, as far as it tells units or people from each other: the name of a unit (`place`), the number of an event or a person
 * (`id`), or anything else. Of a row it is what its parts are; `null` may be any.
 */
type Kind = "place" | "id" | "plain" | "null" | `(${string})`;

/** Aggregates and windows that have one of the values that they are given. */
const oneOfThem = new Set(
  ["first", "last", "any_value", "first_value", "last_value"].concat(["arg_min", "arg_max", "min_by", "max_by"]),
);
const ofIds = new Set(["min", "max", "lag", "lead"]);
/** Columns of the feed of units by which one is known. */
const namesOfUnits = ["unit_id", "name", "parent_id", "predecessor_ids"];

/**
 * How a query could pick out units by what they are called, or people and events by their numbers; undefined where it cannot. A name or
 * number stands as it is: it is selected, grouped by, counted, or held against another one. Nothing is made of it (a length, a part,
 * a hash), for it could then be compared with a constant that names somebody without doing so; but for a number's hash, which is a number.
 * `statements` is the engine's parse, of a query over feeds of these contracts.
 */
export function picksOut(statements: unknown, feeds: Contract[]): string | undefined {
  try {
    const looking = new Looking(feeds);
    for (const statement of statements as Node[]) looking.query(statement.node as Node);
    return undefined;
  } catch (error) {
    if (!(error instanceof Picked)) throw error;
    return error.message;
  }
}

class Picked extends Error {}

interface Column {
  name: string;
  kind: Kind;
}

/** What a query or table has; null where its columns are not named one by one. */
type Columns = Column[] | null;

class Looking {
  /** What a name of a column stands for anywhere in the query: one thing only. */
  private readonly named = new Map<string, Kind>();
  private readonly feeds: Map<string, Columns>;
  /** WITH clauses that are known here. */
  private clauses = new Map<string, Columns>();
  /** Of the query at hand and those around it, the inner last: the tables after FROM, as they are called. */
  private readonly scopes: Map<string, Columns>[] = [];

  constructor(feeds: Contract[]) {
    for (const contract of feeds)
      for (const { name, type } of storedColumns(contract))
        if (type === "unit" || (contract.name === "units" && namesOfUnits.includes(name)))
          this.named.set(name, "place");
        else if (type === "id") for (const each of [name, `${name}_order`]) this.named.set(each, "id");
    const columns = (contract: Contract) =>
      tableColumns(contract).map(({ name }) => ({ name, kind: this.named.get(name) ?? ("plain" as const) }));
    this.feeds = new Map(feeds.map((each) => [each.name, columns(each)]));
  }

  query(node: Node): Columns {
    const outer = this.clauses;
    const clauses = (node.cte_map as { map?: { key: string; value: Node }[] } | null)?.map ?? [];
    for (const { key, value } of clauses) {
      this.notRenamed(value.aliases);
      const columns = this.query((value.query as Node).node as Node);
      this.clauses = new Map(this.clauses).set(key.toLowerCase(), columns);
    }
    if (!["SELECT_NODE", "SET_OPERATION_NODE"].includes(String(node.type)))
      throw new Picked("it is no plain select: write one, or a union of several");
    const columns = node.type === "SET_OPERATION_NODE" ? this.united(node) : this.select(node);
    this.clauses = outer;
    return columns;
  }

  private modifiers(node: Node, columns: Columns): void {
    const modifiers = node.modifiers as Node[];
    const isPlain = columns?.every(({ kind }) => kind === "plain" || kind === "null") === true;
    if (modifiers.some(({ type }) => type === "LIMIT_MODIFIER") && !isPlain)
      throw new Picked("limit leaves some units or people out: leave it away");
    for (const modifier of modifiers) {
      this.all(modifier.distinct_on_targets);
      for (const { expression } of (modifier.orders as Node[] | undefined) ?? [])
        if ((expression as Node).class !== "STAR") this.kindOf(expression as Node);
    }
  }

  private united(node: Node): Columns {
    const children = (node.children as Node[] | undefined) ?? [];
    const sides = (children.length > 0 ? children : [node.left, node.right]).map((side) => this.query(side as Node));
    const [first, ...others] = sides;
    for (const other of others) {
      if (!first || !other) throw new Picked("* stands in a union: name the columns");
      for (const [i, { kind }] of other.entries())
        if (first[i]) first[i].kind = same(first[i].kind, kind, `column ${i + 1} of a union`);
    }
    for (const { name, kind } of first ?? []) this.name(name, kind);
    this.modifiers(node, first ?? null);
    return first ?? null;
  }

  private select(node: Node): Columns {
    const scope = new Map<string, Columns>();
    this.table(node.from_table as Node, scope);
    this.scopes.push(scope);
    const list = node.select_list as Node[];
    const columns = list.map((each) => (each.class === "STAR" ? this.star(each) : this.selected(each)));
    this.all(node.where_clause, node.group_expressions, node.having, node.qualify);
    const named = columns.includes(null) ? null : (columns as Column[]);
    this.modifiers(node, named);
    this.scopes.pop();
    return named;
  }

  private selected(node: Node): Column {
    const kind = this.kindOf(node);
    const given = node.alias || (node.class === "COLUMN_REF" ? (node.column_names as string[]).at(-1) : "");
    const name = String(given).toLowerCase();
    if (name) this.name(name, kind);
    return { name, kind };
  }

  private star(node: Node): null {
    this.notRenamed(node.rename_list);
    for (const { key, value } of (node.replace_list as { key: string; value: Node }[] | undefined) ?? [])
      this.name(key, this.kindOf(value));
    return null;
  }

  private notRenamed(names: unknown): void {
    if (Array.isArray(names) && names.length > 0)
      throw new Picked("columns get other names in a list: name each where it is selected");
  }

  private name(given: string, kind: Kind): void {
    const name = given.toLowerCase();
    const known = this.named.get(name);
    this.named.set(name, known ? same(known, kind, name) : kind);
  }

  private table(node: Node, scope: Map<string, Columns>): void {
    const called = String(node.alias || node.table_name || "").toLowerCase();
    this.notRenamed(node.type === "TABLE_FUNCTION" ? [] : node.column_name_alias);
    switch (node.type) {
      case "EMPTY":
        return;
      case "BASE_TABLE": {
        const table = String(node.table_name).toLowerCase();
        scope.set(called, this.clauses.get(table) ?? this.feeds.get(table) ?? null);
        return;
      }
      case "SUBQUERY":
        scope.set(called, this.query((node.subquery as Node).node as Node));
        return;
      case "JOIN":
        this.table(node.left as Node, scope);
        this.table(node.right as Node, scope);
        // What it joins on speaks of the tables before it.
        this.scopes.push(scope);
        this.all(node.condition);
        this.scopes.pop();
        return;
      case "TABLE_FUNCTION": {
        const call = node.function as Node;
        for (const each of call.children as Node[]) this.plain(each, `${String(call.function_name)}()`);
        for (const alias of (node.column_name_alias as string[] | undefined) ?? []) this.name(alias, "plain");
        return;
      }
      default:
        throw new Picked(`it reads ${String(node.type).toLowerCase().replaceAll("_", " ")}: name a feed`);
    }
  }

  private all(...values: unknown[]): void {
    for (const value of values.flat()) if (value) this.kindOf(value as Node);
  }

  private plain(node: Node, where: string): void {
    const kind = this.kindOf(node);
    if (kind !== "plain" && kind !== "null") throw new Picked(`${inWords(kind)} stands in ${where}`);
  }

  private kindOf(node: Node): Kind {
    switch (node.class) {
      case "COLUMN_REF":
        return this.column(node.column_names as string[]);
      case "STAR":
        throw new Picked("* stands in an expression: name the columns");
      case "CONSTANT":
        return (node.value as Node).is_null === true ? "null" : "plain";
      case "FUNCTION":
        return this.call(node);
      case "WINDOW":
        return this.window(node);
      case "OPERATOR":
        return this.operator(node);
      case "COMPARISON":
        return this.comparison(node);
      case "CASE":
        return this.choice(node);
      case "SUBQUERY":
        return this.subquery(node);
      case "CAST": {
        // null::date has a type, and is nothing still.
        const kind = this.kindOf(node.child as Node);
        if (kind !== "null") this.plain(node.child as Node, "a change of type");
        return kind;
      }
      case "CONJUNCTION":
        this.all(node.children);
        return "plain";
      default:
        for (const each of Object.values(node).flat())
          if (each && typeof each === "object" && "class" in each) this.plain(each as Node, "an expression");
        return "plain";
    }
  }

  private column(names: string[]): Kind {
    const name = names.at(-1)!.toLowerCase();
    if (names.length === 1 && this.isRow(name)) throw new Picked(`${name} stands for a whole row: name its columns`);
    return this.named.get(name) ?? "plain";
  }

  /** Whether a name that stands alone is a table's, and so a whole row of it: the engine takes a column of what is near before. */
  private isRow(name: string): boolean {
    for (const scope of this.scopes.toReversed()) {
      if ([...scope.values()].some((columns) => columns?.some((column) => column.name === name))) return false;
      if (scope.has(name)) return true;
    }
    return false;
  }

  private call(node: Node): Kind {
    const name = String(node.function_name).toLowerCase();
    const children = node.children as Node[];
    this.all(node.filter);
    for (const { expression } of ((node.order_bys as Node | null)?.orders as Node[] | undefined) ?? [])
      this.notByPlace(expression as Node, `the order of ${name}()`);
    if (name === "count") return (this.all(children), "plain");
    if (name === "row") return `(${children.map((each) => this.kindOf(each)).join(", ")})`;
    if (name === "hash") {
      for (const each of children) this.notByPlace(each, "hash()");
      return children.some((each) => this.kindOf(each) === "id") ? "id" : "plain";
    }
    if (name === "ifnull") return this.together(children, "ifnull()");
    return this.taken(name, children);
  }

  /** What a function that has one of its values has; of others these are plain. */
  private taken(name: string, [first, ...others]: Node[]): Kind {
    const kind = first ? this.kindOf(first) : "plain";
    for (const each of others) this.notByPlace(each, `${name}()`);
    if (oneOfThem.has(name) || (kind === "id" && ofIds.has(name))) return kind;
    if (first) this.plain(first, `${name}()`);
    return "plain";
  }

  private window(node: Node): Kind {
    const name = String(node.function_name).toLowerCase();
    this.all(node.partitions, node.filter_expr, node.offset_expr, node.default_expr, node.start_expr, node.end_expr);
    for (const { expression } of [...(node.orders as Node[]), ...((node.arg_orders as Node[] | undefined) ?? [])])
      this.notByPlace(expression as Node, `the order of ${name}()`);
    const children = node.children as Node[];
    if (name === "count") return (this.all(children), "plain");
    return this.taken(name, children);
  }

  /** By what units are called each has its place in a row. */
  private notByPlace(node: Node, where: string): void {
    const kind = this.kindOf(node);
    if (kind !== "id") this.plain(node, where);
  }

  private operator(node: Node): Kind {
    const children = node.children as Node[];
    switch (node.type) {
      case "OPERATOR_COALESCE":
        return this.together(children, "coalesce()");
      case "COMPARE_IN":
      case "COMPARE_NOT_IN":
        this.together(children, "in (…)");
        return "plain";
      case "OPERATOR_IS_NULL":
      case "OPERATOR_IS_NOT_NULL":
        this.all(children);
        return "plain";
      default:
        for (const each of children) this.plain(each, "an expression");
        return "plain";
    }
  }

  private comparison(node: Node): Kind {
    const sides = [node.left, node.right] as Node[];
    const isEqual = ["COMPARE_EQUAL", "COMPARE_NOTEQUAL", "COMPARE_DISTINCT_FROM", "COMPARE_NOT_DISTINCT_FROM"];
    if (isEqual.includes(String(node.type))) this.together(sides, "a comparison");
    else for (const side of sides) this.plain(side, "a comparison by order");
    return "plain";
  }

  private choice(node: Node): Kind {
    const results: Node[] = [];
    for (const { when_expr, then_expr } of node.case_checks as { when_expr: Node; then_expr: Node }[]) {
      this.kindOf(when_expr);
      results.push(then_expr);
    }
    if (node.else_expr) results.push(node.else_expr as Node);
    return this.together(results, "case");
  }

  private subquery(node: Node): Kind {
    const columns = this.query((node.subquery as Node).node as Node);
    if (node.subquery_type === "EXISTS" || node.subquery_type === "NOT_EXISTS") return "plain";
    if (!columns) throw new Picked("* stands in a sub-query: name the columns");
    const kinds = columns.map((column) => column.kind);
    const kind = kinds.length === 1 ? kinds[0]! : (`(${kinds.join(", ")})` as const);
    if (node.subquery_type === "SCALAR") return kind;
    same(this.kindOf(node.child as Node), kind, "a comparison");
    return "plain";
  }

  private together(nodes: Node[], where: string): Kind {
    return nodes.map((each) => this.kindOf(each)).reduce((one, other) => same(one, other, where), "null");
  }
}

/** What two values are that stand for each other. */
function same(one: Kind, other: Kind, where: string): Kind {
  if (one === other || other === "null") return one;
  if (one === "null") return other;
  const named = [one, other].find((kind) => kind !== "plain")!;
  throw new Picked(`${inWords(named)} stands beside something else in ${where}`);
}

const inWords = (kind: Kind): string =>
  kind.includes("place") ? "the name of a unit" : "the number of a person or event";
