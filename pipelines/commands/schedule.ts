import { setTimeout as sleep } from "node:timers/promises";
import type { LocalCommand } from "../command.ts";
import { goBehind } from "../priority.ts";
import { startSchedule } from "../schedule.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** After its work nothing is left to be done: what still waits, as a source for its next try, must not hold the process up. */
const lastMs = 500;

export const command: LocalCommand<{ stopped: true }> = {
  usage: "schedule",
  help: "Owns the warehouse: watches the inbox, runs the schedule, publishes; until it is stopped",
  makesFigures: true,
  where: "here",
  async run({ context }) {
    // Readers first: a publication takes what they leave.
    goBehind();
    // A start that is cut off is done again by the next one: whoever has started it, or wants it to stop, does not wait for it.
    let stop: () => void = () => process.exit(0);
    // Listened to without a gap: a signal that comes while one listener makes room for another reaches neither.
    const told = () => stop();
    for (const each of [...signals, "disconnect"]) process.once(each, told);
    const running = await startSchedule(context).catch((error: unknown) => {
      for (const each of [...signals, "disconnect"]) process.off(each, told);
      throw error;
    });
    await new Promise<void>((resolve) => {
      stop = resolve;
      // Its parent went while it started.
      if (process.connected === false) resolve();
    });
    const { stopMs } = context.settings;
    const ended = await Promise.race([running.stop().then(() => true), sleep(stopMs, false, { ref: false })]);
    if (!ended) {
      // Nothing of it is kept, as where the power goes; the next start does it anew.
      context.log(`the work at hand was cut off after ${stopMs / 1000} seconds; it is done anew at the next start`);
      process.exit(0);
    }
    setTimeout(() => process.exit(0), lastMs).unref();
    return { stopped: true };
  },
  print: () => "",
};
