import { auditSnapshot, type SnapshotAudit } from "../audit.ts";
import type { OwnerCommand } from "../command.ts";

export const command: OwnerCommand<SnapshotAudit> = {
  usage: "audit",
  help: "Attacks the current snapshot as a reader would who adds and subtracts, and names what can be worked out",
  where: "owner",
  run: ({ db, context, project }) => auditSnapshot(db, context, project),
  print: ({ snapshot, protected: rows, suppressed, leaks }) =>
    [
      `${snapshot}: ${rows} rows of protected figures, ${suppressed} withheld, ${leaks.length} of them can be worked out`,
      ...leaks.map((row) =>
        [row.indicator_id, row.unit_id, row.grain, row.period_start, row.breakdown, row.breakdown_value]
          .filter(Boolean)
          .join(" "),
      ),
    ].join("\n"),
  exit: ({ leaks }) => (leaks.length > 0 ? 1 : 0),
};
