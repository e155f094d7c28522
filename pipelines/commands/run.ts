import { Usage } from "../problem.ts";
import type { OwnerCommand } from "../command.ts";
import { foldDue } from "../housekeeping.ts";
import { listInbox, loadInbox, makeInbox, settled } from "../inbox.ts";
import type { LoadResult } from "../loading/load.ts";
import { writeOperations } from "../operations.ts";
import { isBehind } from "../publish.ts";
import { publishProject, type PublishResult } from "../publishing.ts";

interface Result {
  loads: LoadResult[];
  published: PublishResult | null;
}

export const command: OwnerCommand<Result> = {
  usage: "run [feed...]",
  help: "Loads what lies in the inbox, then publishes if anything changed",
  where: "owner",
  async run(work) {
    const { context, project, positionals } = work;
    const unknown = positionals.filter((feed) => !project.contracts.has(feed));
    if (unknown.length > 0)
      throw new Usage(`no feed "${unknown[0]}"; there are: ${[...project.contracts.keys()].join(", ")}`);
    const feeds = positionals.length > 0 ? positionals : [...project.contracts.keys()];
    makeInbox(context.settings.home, feeds);
    const loads = await loadInbox(work, await settled(listInbox(context.settings.home, feeds)));
    const changed = loads.some((load) => !load.refused && !load.unchanged);
    if (!changed && !(await isBehind(work.db, context.settings.home))) {
      await writeOperations(work.db, context, project);
      return { loads, published: null };
    }
    await foldDue(work.db, context, project.contracts);
    return { loads, published: await publishProject(work) };
  },
  print: ({ loads, published }) =>
    loads.length === 0 && !published
      ? "the inbox is empty; nothing to do"
      : `${loads.length} files, ${loads.filter((load) => load.refused).length} refused; ` +
        (published ? `snapshot ${published.snapshot}` : "nothing changed"),
  exit: ({ loads }) => (loads.some((load) => load.refused) ? 1 : 0),
};
