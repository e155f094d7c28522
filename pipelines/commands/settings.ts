import type { LocalCommand } from "../command.ts";
import { settings, type Setting } from "../settings.ts";

interface SettingLine extends Setting {
  value: string;
}

export const command: LocalCommand<{ settings: SettingLine[] }> = {
  usage: "settings",
  help: "Every setting: an environment variable with its default and what it does",
  where: "here",
  async run() {
    return { settings: settings.map((each) => ({ ...each, value: valueOf(each) })) };
  },
  print: ({ settings }) => settings.map(({ name, value, help }) => `${name}=${value}\n    ${help}`).join("\n"),
};

function valueOf({ name, default: standard, secret }: Setting): string {
  const value = process.env[name];
  return secret && value ? "(set)" : (value ?? standard);
}
