import { defineConfig } from "vitest/config";
import Sequencer from "./test/support/sequencer.ts";

process.env.TZ = "UTC";

const shared = {
  // The long run has as much as it needs; what hangs is found every day.
  testTimeout: process.env.KVV_LONG ? 1_800_000 : 60_000,
  hookTimeout: process.env.KVV_LONG ? 600_000 : 60_000,
  setupFiles: ["test/support/setup.ts"],
  globalSetup: ["test/support/store.ts"],
  // Files of a worker share what they import: no module keeps state, and importing anew for each took a sixth of all time.
  isolate: false,
};

export default defineConfig({
  test: {
    // One more than the cores of the smallest machine: a quarter of their time tests wait for processes, disks and clocks.
    maxWorkers: 3,
    sequence: { sequencer: Sequencer },
    projects: [
      { test: { ...shared, name: "monitor", include: ["test/**/*.test.ts"], exclude: ["test/browser/**"] } },
      {
        // Apart, so that browser and build are made ready only when one of these runs.
        test: {
          ...shared,
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: [...shared.globalSetup, "test/support/global-setup.ts"],
        },
      },
    ],
  },
});
