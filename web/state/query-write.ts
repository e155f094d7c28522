import { groupedBy, isGrouped, type Condition, type Measure, type QueryForm, type Role } from "./query-form.ts";
import { queryForm, readQuery, type ReadQuery } from "./query-read.ts";
import { named, quoted } from "./sql-tokens.ts";

/** A form as a query, each part on a line of its own. */
export function writeQuery(form: QueryForm): string {
  const items = itemsOf(form).map(([, text]) => `  ${text}`);
  return [
    "select",
    items.join(",\n"),
    `from ${named(form.feed)}`,
    ...(form.conditions.length > 0 ? [`where ${writeConditions(form.conditions)}`] : []),
    ...(isGrouped(form) ? [`group by ${groupedBy(form).map(named).join(", ")}`] : []),
  ].join("\n");
}

/** The query with what the form says now; all parts that say the same stay as they are written. */
export function editQuery(sql: string, form: QueryForm): string {
  const read = readQuery(sql);
  if (!read) return writeQuery(form);
  if (isSame(read.form, form)) return sql;
  const anew = sql.slice(0, read.at.start) + writeQuery(form);
  if (read.form.feed !== form.feed) return anew;
  const edited = editsOf(sql, read, form)
    // From the end on, so that places before stay; of two in one place the first stays first.
    .map((splice, order) => ({ splice, order }))
    .sort((a, b) => b.splice.from - a.splice.from || b.order - a.order)
    .reduce((text, { splice: { from, to, insert } }) => text.slice(0, from) + insert + text.slice(to), sql);
  const again = queryForm(edited);
  return again && isSame(again, form) ? edited : anew;
}

interface Splice {
  from: number;
  to: number;
  insert: string;
}

function editsOf(sql: string, read: ReadQuery, form: QueryForm): Splice[] {
  const [before, after] = [new Map(itemsOf(read.form)), new Map(itemsOf(form))];
  const splices: Splice[] = [];
  let last = read.at.items.get("unit_id")!;
  for (const role of inOrder([...read.at.items.keys()], [...after.keys()])) {
    const span = read.at.items.get(role);
    const text = after.get(role);
    if (!span) splices.push({ from: last.to, to: last.to, insert: separator(sql, read) + text! });
    else if (text === undefined) splices.push(withoutItem(read, role));
    else if (text !== before.get(role)) splices.push(...editsOfItem(read, role, form, span, text));
    if (span && text !== undefined) last = span;
  }
  splices.push(...editsOfWhere(read, form));
  splices.push(...editsOfGroup(read, form));
  return splices;
}

/** Roles as they stand, those that are new after the one that they follow. */
function inOrder(standing: Role[], wanted: Role[]): Role[] {
  const all = [...standing];
  for (const [i, role] of wanted.entries())
    if (!all.includes(role)) all.splice(all.indexOf(wanted[i - 1]!) + 1, 0, role);
  return all;
}

/** What stands between two items; a comma and a line break where there is but one. */
function separator(sql: string, { at: { items } }: ReadQuery): string {
  const [first, second] = [...items.values()];
  return second ? sql.slice(first!.to, second.from) : ",\n  ";
}

/** An item away, with the comma before it, or after it where it is the first. */
function withoutItem({ at: { items } }: ReadQuery, role: Role): Splice {
  const all = [...items.entries()];
  const place = all.findIndex(([each]) => each === role);
  const [, span] = all[place]!;
  if (place > 0) return { from: all[place - 1]![1].to, to: span.to, insert: "" };
  return { from: span.from, to: all[1]?.[1].from ?? span.to, insert: "" };
}

/** Of an item of which only conditions differ, those. */
function editsOfItem(read: ReadQuery, role: Role, form: QueryForm, span: { from: number; to: number }, text: string) {
  const whole = [{ ...span, insert: text }];
  if (role !== "numerator" && role !== "denominator" && role !== "unknown") return whole;
  const [before, after] = [read.form[role]!, form[role]!];
  if (before.of !== after.of || before.column !== after.column) return whole;
  const spans = read.at.filters.get(role);
  if (!spans || after.conditions.length === 0) return whole;
  return editsOfConditions(spans, before.conditions, after.conditions);
}

function editsOfWhere({ form: before, at }: ReadQuery, after: QueryForm): Splice[] {
  if (isSame(before.conditions, after.conditions)) return [];
  if (!at.where) return [{ from: at.feed.to, to: at.feed.to, insert: `\nwhere ${writeConditions(after.conditions)}` }];
  if (after.conditions.length === 0) return [{ from: at.feed.to, to: at.where.to, insert: "" }];
  return editsOfConditions(at.conditions, before.conditions, after.conditions);
}

function editsOfGroup({ form: before, at }: ReadQuery, after: QueryForm): Splice[] {
  const columns = groupedBy(after);
  if (at.groupAll && isGrouped(after)) return [];
  if (isSame(groupedBy(before).sort(), [...columns].sort()) && isGrouped(before) === isGrouped(after)) return [];
  const end = at.where?.to ?? at.feed.to;
  if (!isGrouped(after)) return at.group ? [{ from: end, to: at.group.to, insert: "" }] : [];
  const insert = `group by ${columns.map(named).join(", ")}`;
  return [at.group ? { ...at.group, insert } : { from: end, to: end, insert: `\n${insert}` }];
}

/** Of conditions that are joined by `and`: the one that differs, the one that is new at the end, the one that is gone. */
function editsOfConditions(spans: { from: number; to: number }[], before: Condition[], after: Condition[]): Splice[] {
  const first = spans[0]!;
  const last = spans.at(-1)!;
  if (after.length === before.length)
    return after.flatMap((each, i) =>
      isSame(each, before[i]) ? [] : [{ ...spans[i]!, insert: writeCondition(each) }],
    );
  if (after.length > before.length && isSame(after.slice(0, before.length), before)) {
    const insert = after.slice(before.length).map((each) => ` and ${writeCondition(each)}`);
    return [{ from: last.to, to: last.to, insert: insert.join("") }];
  }
  const gone = before.findIndex((each, i) => !isSame(each, after[i]));
  if (after.length === before.length - 1 && isSame(before.toSpliced(gone, 1), after))
    return gone === 0
      ? [{ from: first.from, to: spans[1]!.from, insert: "" }]
      : [{ from: spans[gone - 1]!.to, to: spans[gone]!.to, insert: "" }];
  return [{ from: first.from, to: last.to, insert: writeConditions(after) }];
}

/** The items of a form, each as it is written. */
function itemsOf(form: QueryForm): [Role, string][] {
  const { month, until, days, within, withheld } = form;
  const measures = (["numerator", "denominator", "unknown"] as const).flatMap((role): [Role, string][] => {
    const measure = form[role];
    return measure ? [[role, `${writeMeasure(measure)} as ${role}`]] : [];
  });
  return [
    ["unit_id", "unit_id"],
    ["month", column(month, "month")],
    ...(until ? [["until", column(until, "until")] satisfies [Role, string]] : []),
    ...(days ? [["days", `${named(days.to)} - ${named(days.from)} as days`] satisfies [Role, string]] : []),
    ...measures,
    ...(within ? [["within", `${writeConditions(within)} as within`] satisfies [Role, string]] : []),
    ...form.breakdowns.map(({ name, column: of }): [Role, string] => [`by ${name}`, column(of, name)]),
    ...(withheld ? [["withheld", writeWithheld(withheld)] satisfies [Role, string]] : []),
  ];
}

const column = (of: string, as: string): string => (of === as ? named(of) : `${named(of)} as ${named(as)}`);

function writeMeasure({ of, column, conditions }: Measure): string {
  if (of === "column") return named(column);
  const aggregate = of === "rows" ? "count(*)" : `sum(${named(column)})`;
  return conditions.length > 0 ? `${aggregate} filter (${writeConditions(conditions)})` : aggregate;
}

const writeWithheld = (of: string): string =>
  of === "*"
    ? "coalesce(bool_or(len(withheld) > 0), false) as withheld"
    : `coalesce(bool_or(list_contains(withheld, ${quoted(of)})), false) as withheld`;

const writeConditions = (conditions: Condition[]): string => conditions.map(writeCondition).join(" and ");

function writeCondition(condition: Condition): string {
  switch (condition.is) {
    case "in":
    case "not_in": {
      const [values, not] = [condition.values.map(quoted), condition.is === "not_in"];
      const name = named(condition.column);
      if (values.length === 1) return `${name} ${not ? "<>" : "="} ${values[0]}`;
      return `${name} ${not ? "not in" : "in"} (${values.join(", ")})`;
    }
    case "or_empty":
      return `coalesce(${named(condition.column)}, ${quoted(condition.value)}) = ${quoted(condition.value)}`;
    case "has":
      return `list_has_any(${named(condition.column)}, [${condition.values.map(quoted).join(", ")}])`;
    case "empty":
      return `${named(condition.column)} is null`;
    case "filled":
      return `${named(condition.column)} is not null`;
    case "number":
      return `${named(condition.column)} ${condition.comparison} ${condition.number}`;
    case "days":
      return `${named(condition.to)} - ${named(condition.from)} ${condition.comparison} ${condition.number}`;
  }
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
