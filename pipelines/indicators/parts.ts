/** A node of the engine's parse of a query. */
export type Node = Record<string, unknown>;

/** Visits every node of a parse, the outer before the inner. */
export function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (value && typeof value === "object") {
    visit(value as Node);
    for (const item of Object.values(value)) walk(item, visit);
  }
}

type Part = Record<string, string[]>;

/** Of each feed that a query reads only in part: the columns with the values that its conditions leave. Several SELECTs of one feed read together what each of them reads; one that reads it without such conditions, or beside another table, reads all of it. */
export function partsRead(statements: unknown, feeds: string[]): Record<string, Part> {
  const found: Record<string, Part> = {};
  for (const feed of feeds) {
    const parts: Part[] = [];
    let mentions = 0;
    walk(statements, (node) => {
      if (isFeed(node, feed)) mentions++;
      if (node.type === "SELECT_NODE" && isFeed(node.from_table, feed)) parts.push(fixed(node.where_clause));
    });
    const part = mentions === parts.length ? together(parts) : {};
    if (Object.keys(part).length > 0) found[feed] = part;
  }
  return found;
}

const isFeed = (node: unknown, feed: string): boolean => {
  const { type, table_name } = (node ?? {}) as Node;
  return type === "BASE_TABLE" && typeof table_name === "string" && table_name.toLowerCase() === feed;
};

/** The columns that a condition fixes to texts, by `=` or `in`, all of which must hold. */
function fixed(condition: unknown): Part {
  const node = (condition ?? {}) as Node;
  if (node.type === "CONJUNCTION_AND")
    return (node.children as unknown[]).map(fixed).reduce((all, each) => ({ ...each, ...all }), {});
  const sides =
    node.type === "COMPARE_EQUAL"
      ? [node.left, node.right]
      : node.type === "COMPARE_IN"
        ? (node.children as unknown[])
        : [];
  const [column, ...values] = sides as Node[];
  if (column?.type !== "COLUMN_REF") return {};
  const texts = values.map((value) => (value.value as Node | undefined)?.value);
  if (!texts.every((text): text is string => typeof text === "string")) return {};
  return { [String((column.column_names as string[]).at(-1)).toLowerCase()]: texts };
}

/** What several parts are together: the columns that all of them fix. */
function together(parts: Part[]): Part {
  const [first = {}, ...others] = parts;
  const columns = Object.keys(first).filter((name) => others.every((part) => name in part));
  return Object.fromEntries(columns.map((name) => [name, [...new Set(parts.flatMap((part) => part[name]!))].sort()]));
}
