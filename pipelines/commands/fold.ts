import type { OwnerCommand } from "../command.ts";
import type { Folded } from "../loading/fold.ts";
import { foldDue } from "../housekeeping.ts";
import { writeOperations } from "../operations.ts";

interface Result {
  folded: Folded[];
}

export const command: OwnerCommand<Result> = {
  usage: "fold",
  help: "Adds events closed for more than 36 months up to counts; changes no figure",
  makesFigures: true,
  where: "owner",
  async run({ db, context, project }) {
    const folded = await foldDue(db, context, project.contracts);
    await writeOperations(db, context, project);
    return { folded };
  },
  print: ({ folded }) =>
    folded.length === 0
      ? "nothing is due to be folded"
      : folded.map(({ feed, events, cells }) => `${feed}: ${events} events, into ${cells} cells`).join("\n"),
};
