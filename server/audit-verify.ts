import path from "node:path";
import { readSettings } from "../pipelines/settings.ts";
import { verifyAudit } from "./audit.ts";

// Says on one line of JSON whether the audit log is as it was written: `node pipelines/run.cjs server/audit-verify.ts [heads as JSON]`. `kvv audit-log verify` runs it.
const { home, keepAuditMonths: keepMonths } = readSettings(process.env);
const heads = JSON.parse(process.argv[2] ?? "{}") as Record<string, string>;
const found = await verifyAudit({ folder: path.join(home, "audit"), keepMonths, now: () => new Date() }, heads);
process.stdout.write(JSON.stringify(found) + "\n");
