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
    let told = false;
    const stop = (signal: NodeJS.Signals) => {
      told = true;
      server.kill(signal);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop(signal));
    const [code, by] = await new Promise<[number | null, string | null]>((resolve) =>
      server.once("exit", (...how) => resolve(how)),
    );
    if (by && !told) throw new Refusal(`the server was ended by ${by}; too little memory is a likely cause`);
    if (code) throw new Refusal("the server stopped; its reason stands above");
    return { stopped: true };
  },
  print: () => "",
};
