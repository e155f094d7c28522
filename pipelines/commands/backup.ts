import { existsSync } from "node:fs";
import path from "node:path";
import { runInOwnProcess } from "../apart.ts";
import type { OwnerCommand } from "../command.ts";
import { Refusal, Usage } from "../problem.ts";

interface Result {
  folder: string;
  files: number;
  bytes: number;
}

export const command: OwnerCommand<Result> = {
  usage: "backup <folder>",
  help: "Copies the home to a new folder, while the monitor runs; kvv restore brings it back",
  where: "owner",
  async run({ db, context, positionals, cwd }) {
    const [name, ...more] = positionals;
    if (!name || more.length > 0) throw new Usage("usage: kvv backup <folder>");
    const { home } = context.settings;
    const target = path.resolve(cwd, name);
    if (`${target}${path.sep}`.startsWith(path.resolve(home) + path.sep))
      throw new Usage(`${target} lies in the home itself; name a folder elsewhere, best on another disk`);
    for (const each of [target, `${target}.partial`])
      if (existsSync(each)) throw new Refusal(`${each} is there already; name a new folder, or remove it first`);
    // What stands in its log only comes into the warehouse's file.
    await db.run("checkpoint");
    const input = { home, target, at: context.now().toISOString() };
    // This process has the warehouse open.
    const told = await runInOwnProcess<Omit<Result, "folder">>("pipelines/backup-once.ts", input, {
      what: "the home was not copied",
      tell: (progress) => context.log("copying the home", progress),
    });
    return { folder: target, ...told };
  },
  print: ({ folder, files, bytes }) =>
    `${files} files, ${(bytes / 1e6).toFixed(1)} MB, in ${folder}; keep it as safe as the home: it holds the key of the pseudonyms`,
};
