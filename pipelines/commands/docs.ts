import path from "node:path";
import type { LocalCommand } from "../command.ts";
import { indicatorPages, writePages } from "../indicators/pages.ts";
import { checkProject, readProject } from "../project.ts";

export const command: LocalCommand<{ folder: string; changed: string[] }> = {
  usage: "docs",
  help: "Makes docs/indicators anew: a page for each indicator from its definition, targets and worked example",
  where: "here",
  async run({ context: { settings } }) {
    // What was adopted in a home is documented where it is exported to.
    const project = await readProject({ config: settings.config });
    checkProject(project);
    const folder = path.join(settings.config, "docs", "indicators");
    const examples = path.join(settings.config, "test", "indicators");
    const changed = writePages(indicatorPages(project.definitions, project.targets, examples), folder);
    return { folder, changed };
  },
  print: ({ folder, changed }) => `${folder}: ${changed.length === 0 ? "nothing changed" : changed.join(", ")}`,
};
