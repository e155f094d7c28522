import os from "node:os";
import type { LocalCommand } from "../command.ts";
import { startSchedule } from "../schedule.ts";

export const command: LocalCommand<{ stopped: true }> = {
  usage: "schedule",
  help: "Owns the warehouse: watches the inbox, runs the schedule, publishes; until it is stopped",
  where: "here",
  async run({ context }) {
    // Readers first: a publication takes what they leave.
    os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
    // Whoever has started it is gone: a start that is cut off is done again by the next one, and a signal ends it at once.
    const end = () => void process.kill(process.pid, "SIGTERM");
    process.once("disconnect", end);
    const running = await startSchedule(context).finally(() => process.off("disconnect", end));
    await new Promise<void>((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM", "disconnect"]) process.once(signal, () => resolve());
      if (process.connected === false) resolve();
    });
    await running.stop();
    // A source that waits for its next try must not hold the process up.
    setTimeout(() => process.exit(0), 500).unref();
    return { stopped: true };
  },
  print: () => "",
};
