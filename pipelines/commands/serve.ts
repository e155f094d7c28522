import { spawn } from "node:child_process";
import type { LocalCommand } from "../command.ts";
import { Refusal } from "../problem.ts";
import { programArguments } from "../program.ts";

export const command: LocalCommand<{ stopped: true }> = {
  usage: "serve",
  help: "Serves the published snapshot over HTTP; until it is stopped",
  where: "here",
  async run() {
    const server = spawn(process.execPath, programArguments("server/main.ts", "serve"), { stdio: "inherit" });
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => server.kill(signal));
    const code = await new Promise<number | null>((resolve) => server.once("exit", resolve));
    if (code) throw new Refusal("the server stopped; its reason stands above");
    return { stopped: true };
  },
  print: () => "",
};
