import { defineConfig } from "vitest/config";

process.env.TZ = "UTC";

const times = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { ...times, name: "monitor", include: ["test/**/*.test.ts"], exclude: ["test/browser/**"] } },
      {
        // Apart, so that browser and build are made ready only when one of these runs.
        test: {
          ...times,
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: ["test/support/global-setup.ts"],
        },
      },
    ],
  },
});
