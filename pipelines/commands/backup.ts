import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import type { OwnerCommand } from "../command.ts";
import type { Progress } from "../context.ts";
import { Refusal, Usage } from "../problem.ts";
import { programArguments } from "../program.ts";

interface Result {
  folder: string;
  files: number;
  bytes: number;
}

type Told = Progress | Omit<Result, "folder"> | { failed: string };

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
    const told = await copyApart(input, (progress) => context.log("copying the home", progress));
    return { folder: target, ...told };
  },
  print: ({ folder, files, bytes }) =>
    `${files} files, ${(bytes / 1e6).toFixed(1)} MB, in ${folder}; keep it as safe as the home: it holds the key of the pseudonyms`,
};

/** In a process of its own: this one has the warehouse open. */
function copyApart(input: object, tell: (progress: Progress) => void): Promise<Omit<Result, "folder">> {
  const [runner, ...args] = programArguments("pipelines/backup-once.ts", JSON.stringify(input));
  const child = fork(runner!, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  return new Promise((resolve, reject) => {
    child.on("message", (told: Told) => {
      if ("done" in told) tell(told);
      else if ("failed" in told) reject(new Refusal(`the home was not copied: ${told.failed}`));
      else resolve(told);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Refusal(`the home was not copied: copying ended with ${code}`)));
  });
}
