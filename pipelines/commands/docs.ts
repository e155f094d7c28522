import path from "node:path";
import type { LocalCommand } from "../command.ts";
import { indicatorPages, writePages } from "../indicators/pages.ts";
import { checkProject } from "../project.ts";

export const command: LocalCommand<{ folder: string; changed: string[] }> = {
  usage: "docs",
  help: "Makes docs/indicators anew: a page for each indicator from its definition, targets and worked example",
  where: "here",
  async run({ project, context: { settings } }) {
    checkProject(project);
    const folder = path.join(settings.config, "docs", "indicators");
    const examples = path.join(settings.config, "test", "indicators");
    const changed = writePages(indicatorPages(project.definitions, project.targets, examples), folder);
    return { folder, changed };
  },
  print: ({ folder, changed }) => `${folder}: ${changed.length === 0 ? "nothing changed" : changed.join(", ")}`,
};
