import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { LocalCommand } from "../command.ts";
import { Refusal } from "../problem.ts";
import { projectFolder } from "../settings.ts";

export const command: LocalCommand<{ stopped: true }> = {
  usage: "serve",
  help: "Serves the published snapshot over HTTP; until it is stopped",
  where: "here",
  async run() {
    const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
    const server = spawn(
      process.execPath,
      ["--import", loader, path.join(projectFolder, "server", "main.ts"), "serve"],
      {
        stdio: "inherit",
      },
    );
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => server.kill(signal));
    const code = await new Promise<number | null>((resolve) => server.once("exit", resolve));
    if (code) throw new Refusal("the server stopped; its reason stands above");
    return { stopped: true };
  },
  print: () => "",
};
