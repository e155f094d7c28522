import type { OwnerCommand } from "../command.ts";
import { removeDue } from "../housekeeping.ts";
import { removedWords, type Removed } from "../loading/retention.ts";
import { writeOperations } from "../operations.ts";

export const command: OwnerCommand<Removed> = {
  usage: "retention",
  help: "Removes what is older than the settings KVV_KEEP_... allow; changes no figure",
  makesFigures: true,
  where: "owner",
  async run({ db, context, project }) {
    const removed = await removeDue(db, context, project.contracts);
    await writeOperations(db, context, project);
    return removed;
  },
  print: (removed) => `removed: ${removedWords(removed) ?? "nothing is past its retention"}`,
};
