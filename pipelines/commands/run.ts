import { planDue, runRound, type RoundResult } from "../round.ts";
import { Usage } from "../problem.ts";
import type { OwnerCommand } from "../command.ts";
import { oneByOne } from "../turns.ts";

export const command: OwnerCommand<RoundResult> = {
  usage: "run [feed...]",
  help: "Fetches and loads what is due or in the inbox (of the feeds that are named: whether due or not), then publishes if anything changed",
  makesFigures: true,
  where: "owner",
  async run({ context, project, db, positionals }) {
    const unknown = positionals.filter((feed) => !project.contracts.has(feed));
    if (unknown.length > 0)
      throw new Usage(`no feed "${unknown[0]}"; there are: ${[...project.contracts.keys()].join(", ")}`);
    const owned = { context, project, db };
    const named = new Set(positionals);
    const jobs = named.size > 0 ? project.jobs.filter((job) => named.has(job.feed)) : await planDue(owned);
    const inbox = named.size > 0 ? positionals : [...project.contracts.keys()];
    return runRound({ jobs, inbox }, context, oneByOne(owned));
  },
  print: ({ loads, unchanged, failed, published }) =>
    [
      loads.length === 0 && failed.length === 0
        ? `nothing new in the inbox${unchanged.length > 0 ? ` and at ${unchanged.length} sources` : ""}; nothing to do`
        : `${loads.length} files, ${loads.filter((load) => load.refused).length} refused`,
      ...failed.map(({ feed, reason }) => `${feed}: ${reason}`),
      ...(published ? [`snapshot ${published.snapshot}`] : loads.length > 0 ? ["nothing changed"] : []),
    ].join("\n"),
  exit: ({ loads, failed }) => (failed.length > 0 || loads.some((load) => load.refused) ? 1 : 0),
};
