import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { projectFolder } from "../../pipelines/settings.ts";
import { makeHome, type Home } from "./home.ts";

/** A force with a configuration of its own: all contracts, one indicator or a few (so that a publication is soon done), and the schedule that a test writes. */
export interface Force {
  home: Home;
  config: string;
  schedule(yaml: string): void;
}

export function makeForce(env: Record<string, string> = {}, indicators = ["complaints"]): Force {
  const outer = makeHome();
  const config = path.join(outer.folder, "..", "config");
  mkdirSync(path.join(config, "pipelines", "indicators"), { recursive: true });
  mkdirSync(path.join(config, "data"), { recursive: true });
  const copy = (name: string) => cpSync(path.join(projectFolder, name), path.join(config, name), { recursive: true });
  copy("pipelines/contracts");
  for (const id of indicators) copy(`pipelines/indicators/${id}.sql`);
  const home = makeHome({ KVV_CONFIG: config, KVV_INBOX_SECONDS: "0.1", ...env });
  return {
    config,
    home: {
      ...home,
      async remove() {
        await home.remove();
        await outer.remove();
      },
    },
    schedule: (yaml) => writeFileSync(path.join(config, "data", "schedule.yaml"), yaml),
  };
}
