import os from "node:os";

const behind = os.constants.priority.PRIORITY_LOW;

/** Lets a process, this one or one that it started, take only what those leave that people wait for. One that stands further back stays there: to move it forward is the administrator's right alone. */
export function goBehind(pid = process.pid): void {
  if (os.getPriority(pid) < behind) os.setPriority(pid, behind);
}
