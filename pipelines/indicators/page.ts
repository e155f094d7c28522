import { parse } from "yaml";
import { demoSource, type Target } from "../targets.ts";
import type { Definition } from "./definition.ts";

/** The file name of an indicator's page in the documentation. */
export const pageName = (id: string): string => `${id}.md`;

/** An indicator as a page of the documentation: what it means, its targets, and its worked example (the text of its file). */
export function indicatorPage(definition: Definition, targets: Target[], example: string): string {
  const { title, numerator, denominator, excluded, breakdowns, version } = definition;
  const papers = targets.filter((each) => each.indicator_id === definition.id && each.source !== demoSource);
  const facts = [
    ["Id", `\`${definition.id}\``],
    ["Focus", definition.focus],
    ["Kind", kindInWords(definition)],
    ["Better", definition.polarity],
    ["Numerator", numerator.en],
    ...(denominator ? [["Denominator", denominator.en]] : []),
    ...(excluded ? [["In neither", excluded.en]] : []),
    ["Levels", definition.levels.join(", ")],
    ["Grains", definition.grains.join(", ")],
    ["Feeds", definition.feeds.map((feed) => `\`${feed}\``).join(", ")],
    ["Disclosure", definition.protected ? "protected" : definition.sensitive ? "sensitive below unit level" : "open"],
    ["Owner", definition.owner],
    ["Source", definition.source.join("; ")],
    ["Version", `${version.number}, from ${version.valid_from}: ${version.change.en}`],
    ["Reviewed", definition.reviewed],
  ];
  return `${[
    `# ${title.en}`,
    `*${title.nl}*`,
    definition.question.en,
    definition.description.en,
    `**Why.** ${definition.why.en}`,
    ...(definition.caveats ? [`**Caveats.** ${definition.caveats.en}`] : []),
    ...(definition.polarity_note ? [`**Reading it.** ${definition.polarity_note.en}`] : []),
    markdownTable(["", ""], facts),
    ...(breakdowns.length > 0
      ? [
          "## Breakdowns",
          markdownTable(
            ["column", "title", "values"],
            breakdowns.map(({ name, title, values }) => [
              `\`${name}\``,
              title.en,
              Object.entries(values)
                .map(([code, words]) => `\`${code}\` ${words.en}`)
                .join(", "),
            ]),
          ),
        ]
      : []),
    ...(papers.length > 0 ? ["## Targets", markdownTable(targetColumns, papers.map(targetRow))] : []),
    "## Worked example",
    ...exampleInWords(example),
  ].join("\n\n")}\n`;
}

/** The list of all pages, by focus. */
export function indexPage(definitions: Definition[]): string {
  const focuses = [...new Set(definitions.map((each) => each.focus))].sort();
  return `${[
    "# All indicators",
    "Made from `pipelines/indicators` and the worked examples in `test/indicators` by `npx kvv docs`.",
    ...focuses.flatMap((focus) => [
      `## ${focus}`,
      markdownTable(
        ["indicator", "Dutch title", "kind"],
        definitions
          .filter((each) => each.focus === focus)
          .map((each) => [`[${each.title.en}](${pageName(each.id)})`, each.title.nl, kindInWords(each)]),
      ),
    ]),
  ].join("\n\n")}\n`;
}

function kindInWords({ kind, stock, per, exposure, interval }: Definition): string {
  return [
    kind,
    ...(kind === "rate" ? [`per ${per}`] : []),
    ...(stock ? ["a state at the period's end"] : []),
    ...(exposure ? [`exposure: ${exposure}`] : []),
    ...(interval ? ["counted whole, without an interval"] : []),
  ].join(", ");
}

const targetColumns = ["unit", "part", "goal", "target", "period", "judged by", "status", "source"];

function targetRow(target: Target): string[] {
  const { unit_id, breakdown, breakdown_value, goal, kind, value, tolerance, from, to, grain, status, source, by } =
    target;
  return [
    unit_id,
    breakdown ? `${breakdown}: ${breakdown_value ?? "each"}` : "all",
    goal,
    `${kind.replace("_", " ")} ${value}${tolerance === null ? "" : ` ± ${tolerance}`}`,
    from === to ? from : `${from} to ${to}`,
    grain,
    status,
    by === "ours" ? `${source} (ours)` : source,
  ];
}

/** A worked example's file: the remark it begins with, the rows of its feeds, and the figures. */
function exampleInWords(text: string): string[] {
  const example = parse(text) as {
    today: string;
    covers: { from: string; to: string };
    feeds: Record<string, string>;
    expect: string;
  };
  const remark = /^(?:#.*\n)+/.exec(text)?.[0] ?? "";
  return [
    remark.replaceAll(/^# ?/gm, "").trim().replaceAll("\n", " "),
    `The feeds cover ${example.covers.from} to ${example.covers.to}; the figures are those of ${example.today}.`,
    ...Object.entries(example.feeds).flatMap(([feed, rows]) => [`Feed \`${feed}\`:`, spacedTable(rows)]),
    "Figures:",
    spacedTable(example.expect),
  ].filter((part) => part !== "");
}

/** A table whose cells are parted by spaces, with `-` for nothing. */
function spacedTable(text: string): string {
  const [head, ...rows] = text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  return markdownTable(
    head!,
    rows.map((row) => head!.map((_, i) => (row[i] === undefined || row[i] === "-" ? "" : row[i]))),
  );
}

function markdownTable(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
