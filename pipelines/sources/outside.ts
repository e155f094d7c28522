import { setTimeout as sleep } from "node:timers/promises";
import type { Settings } from "../settings.ts";
import { resolveName } from "./addresses.ts";
import type { Network } from "./request.ts";
import type { Patience } from "./retry.ts";

/** Other machines, and what reaching them takes; tests choose their own. */
export interface Outside {
  network: Network;
  patience: Patience;
  /** Environment variables, which hold the secrets of sources. */
  env: Record<string, string | undefined>;
}

const connectMs = 10_000;

export function createOutside(settings: Settings, env: Outside["env"] = process.env): Outside {
  return {
    network: { rule: settings.privateSources, resolve: resolveName, connectMs, totalMs: settings.sourceSeconds * 1000 },
    patience: { sleep: (milliseconds) => sleep(milliseconds), random: Math.random },
    env,
  };
}
