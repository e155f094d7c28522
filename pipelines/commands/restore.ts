import path from "node:path";
import type { LocalCommand } from "../command.ts";
import { connectOwner } from "../handover.ts";
import { Refusal, Usage } from "../problem.ts";
import { restoreHome } from "../restore.ts";

interface Result {
  home: string;
  made_at: string;
  files: number;
}

export const command: LocalCommand<Result> = {
  usage: "restore <folder>",
  help: "Brings a backup back into an empty home, each file checked; no monitor may run there",
  where: "here",
  async run({ context, positionals, cwd }) {
    const [name, ...more] = positionals;
    if (!name || more.length > 0) throw new Usage("usage: kvv restore <folder>");
    const { home } = context.settings;
    const owner = await connectOwner(home).catch(() => null);
    owner?.destroy();
    if (owner) throw new Refusal(`a monitor runs in ${home}; stop it first, or name another folder in KVV_HOME`);
    const tell = (done: number, total: number) => context.log("restoring the home", { done, total });
    return { home, ...(await restoreHome(path.resolve(cwd, name), home, tell)) };
  },
  print: ({ home, made_at, files }) =>
    `${home} is as it was on ${made_at}: ${files} files; start the monitor, and everyone signs in anew`,
};
