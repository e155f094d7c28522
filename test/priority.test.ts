import { spawn } from "node:child_process";
import os from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { goBehind } from "../pipelines/priority.ts";

const { PRIORITY_LOW: behind } = os.constants.priority;
const child = () => spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"], { stdio: "ignore" });

describe("goBehind(pid)", () => {
  const running = [child(), child()] as const;
  afterEach(() => running.forEach((each) => each.kill()));

  it("lets those go first that people wait for, and moves nothing forward that stands further back", () => {
    const [usual, last] = running.map(({ pid }) => pid!) as [number, number];
    os.setPriority(last, os.constants.priority.PRIORITY_LOW);
    for (const pid of [usual, last]) goBehind(pid);
    expect(os.getPriority(usual)).toBe(Math.max(behind, os.getPriority()));
    expect(os.getPriority(last)).toBe(os.constants.priority.PRIORITY_LOW);
  });
});
