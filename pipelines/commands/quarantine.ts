import { Usage } from "../problem.ts";
import type { OwnerCommand } from "../command.ts";

interface Quarantined {
  feed: string;
  file: string;
  line: number;
  column_name: string | null;
  value: string | null;
  reason: string;
  record: string | null;
  load_id: number;
}

interface Result {
  rows: Quarantined[];
  csv: boolean;
}

const columns = ["feed", "file", "line", "column_name", "value", "reason", "load_id", "record"] as const;

export const command: OwnerCommand<Result> = {
  usage: "quarantine [feed] [--csv]",
  help: "Rows that could not be loaded, each with the reason",
  options: { csv: { type: "boolean" } },
  where: "owner",
  async run({ db, project, positionals, values }) {
    const [feed] = positionals;
    if (feed && !project.contracts.has(feed))
      throw new Usage(`no feed "${feed}"; there are: ${[...project.contracts.keys()].join(", ")}`);
    const rows = await db.all<Quarantined>(
      `select ${columns.join(", ")} from quarantine where $feed is null or feed = $feed order by load_id, line`,
      { feed: feed ?? null },
    );
    return { rows, csv: values.csv === true };
  },
  print: ({ rows, csv }) => {
    if (csv)
      return [columns.join(","), ...rows.map((row) => columns.map((name) => field(row[name])).join(","))].join("\n");
    if (rows.length === 0) return "the quarantine is empty";
    return rows
      .map((row) =>
        `${row.feed} ${row.file}:${row.line} ${row.reason} ${row.column_name ?? ""} ${row.value ?? ""}`.trimEnd(),
      )
      .join("\n");
  },
};

/** A CSV field; text that a spreadsheet would take for a formula is made harmless. */
function field(value: string | number | null): string {
  const text =
    value === null ? "" : typeof value === "string" && /^[=+\-@\t]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
