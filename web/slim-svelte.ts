import path from "node:path";
import type { Plugin } from "vite";

const nothing = (...names: string[]) =>
  names.map((name) => `/*@__NO_SIDE_EFFECTS__*/ export function ${name}() {}`).join("\n");
const never = (...names: string[]) => names.map((name) => `export const ${name} = false;`).join("\n");

/** Modules of Svelte in which it keeps what a program may switch on while it runs; here nothing does. */
export const fixed: Readonly<Record<string, string>> = {
  // No component awaits, is of an older kind, or is traced: what would switch that on is not there, so the build fails.
  "flags/index.js": never("async_mode_flag", "legacy_mode_flag", "tracing_mode_flag"),
  // A page that is alive takes the place of the one that was sent, and is not made out of it.
  "client/dom/hydration.js": [
    never("hydrating", "hydrate_node"),
    nothing("set_hydrating", "set_hydrate_node", "hydrate_next", "hydrate_template"),
    nothing("reset", "next", "skip_nodes", "read_hydration_instruction"),
  ].join("\n"),
};

/** Leaves out of the browser's program what Svelte has for what this one never does. */
export const slimSvelte = (): Plugin => ({
  name: "slim-svelte",
  apply: "build",
  enforce: "pre",
  load(id) {
    if (this.environment.name !== "client") return null;
    const inside = id.split(/[\\/]svelte[\\/]src[\\/]internal[\\/]/)[1]?.replaceAll(path.sep, "/");
    return (inside && fixed[inside]) ?? null;
  },
});
