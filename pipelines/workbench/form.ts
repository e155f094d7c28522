import type { Node } from "../indicators/parts.ts";

/** Whether a query is of the form's shape: one feed, filters that all hold, sums with filters, and the columns by which it groups. */
export function isForm(tree: Node[]): boolean {
  const [node] = tree.map((statement) => statement.node as Node);
  if (node?.type !== "SELECT_NODE" || hasClauses(node)) return false;
  if ((node.from_table as Node).type !== "BASE_TABLE" || node.having || node.qualify) return false;
  if ((node.modifiers as unknown[]).length > 0) return false;
  return (
    (!node.where_clause || isFilter(node.where_clause as Node)) &&
    (node.select_list as Node[]).every((each) => isColumn(each) || isMeasure(each))
  );
}

const hasClauses = (node: Node): boolean => ((node.cte_map as { map?: unknown[] } | null)?.map ?? []).length > 0;

/** Conditions on columns, all of which hold. */
function isFilter(node: Node): boolean {
  if (node.type === "CONJUNCTION_AND") return (node.children as Node[]).every(isFilter);
  const parts =
    node.class === "COMPARISON"
      ? [node.left, node.right]
      : node.class === "BETWEEN"
        ? [node.input, node.lower, node.upper]
        : node.class === "OPERATOR"
          ? (node.children as Node[])
          : node.class === "FUNCTION" && ["list_contains", "list_has_any"].includes(String(node.function_name))
            ? (node.children as Node[])
            : null;
  if (!parts) return false;
  const [column, ...values] = parts as Node[];
  return isTerm(column!) && values.every((value) => isConstant(value) || isTerm(value));
}

/** A column, or one less another: the days between two dates. */
const isTerm = (node: Node): boolean =>
  isColumn(node) || (node.function_name === "-" && (node.children as Node[]).every(isColumn));
const isColumn = (node: Node): boolean => node.class === "COLUMN_REF";
const isConstant = (node: Node): boolean =>
  node.class === "CONSTANT" ||
  (node.class === "CAST" && isConstant(node.child as Node)) ||
  (node.function_name === "list_value" && (node.children as Node[]).every(isConstant));

/** `sum(column)` or `count(*)`, filtered or not; also 0 where nothing is left. */
function isMeasure(node: Node): boolean {
  if (node.type === "OPERATOR_COALESCE") {
    const [inner, ...others] = node.children as Node[];
    return others.every(isConstant) && isMeasure(inner!);
  }
  if (node.class !== "FUNCTION") return false;
  const children = node.children as Node[];
  if (node.function_name === "bool_or") return children.every((each) => isFilter(each));
  if (node.function_name !== "count_star" && !(node.function_name === "sum" && children.every(isColumn))) return false;
  return !node.filter || isFilter(node.filter as Node);
}
