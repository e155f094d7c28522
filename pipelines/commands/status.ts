import type { OwnerCommand } from "../command.ts";
import { readFreshness, type FeedState } from "../freshness.ts";
import { currentSnapshot } from "../publish.ts";

interface Run {
  run_id: number;
  job: string;
  kind: string;
  file: string | null;
  started_at: string;
  status: string;
  error: string | null;
  loads: number;
}

interface Result {
  snapshot: string | null;
  feeds: FeedState[];
  runs: Run[];
}

export const command: OwnerCommand<Result> = {
  usage: "status",
  help: "Feeds with their freshness, the last runs, the snapshot that readers see",
  where: "owner",
  async run({ db, context, project }) {
    return {
      snapshot: currentSnapshot(context.settings.home),
      feeds: await readFreshness(db, context, project.contracts, project.jobs),
      runs: await db.all<Run>(
        "select run_id, job, kind, file, started_at, status, error, loads from runs order by run_id desc limit 20",
      ),
    };
  },
  print: ({ snapshot, feeds, runs }) =>
    [
      `snapshot   ${snapshot ?? "none yet: run kvv publish"}`,
      ...feeds.map(
        (f) =>
          `${f.feed.padEnd(14)} ${f.freshness.padEnd(8)} to ${f.covered_to ?? "-"}, last load ${f.last_load_at ?? "-"}`,
      ),
      ...runs.map(
        (run) =>
          `run ${run.run_id} ${run.started_at.slice(0, 19)} ${run.job} ${run.status}${run.error ? `: ${run.error}` : ""}`,
      ),
    ].join("\n"),
};
