import { readFileSync } from "node:fs";
import { SourceFailure } from "../problem.ts";

/** What an environment variable holds; where there is none of that name but one with `_FILE` after it, the text of the file that this names. */
export function secretOf(name: string, env: Record<string, string | undefined>, needs: string): string {
  const found = heldSecret(name, env);
  if (!found)
    throw new SourceFailure(
      `the environment variable ${name} is not set, nor ${name}_FILE, which names a file; ${needs} needs it`,
      {
        again: false,
      },
    );
  return found;
}

/** The same; empty where there is none. */
export const heldSecret = (name: string, env: Record<string, string | undefined>): string =>
  env[name] || fromFile(env[`${name}_FILE`], name);

function fromFile(file: string | undefined, name: string): string {
  if (!file) return "";
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    throw new SourceFailure(`the file that ${name}_FILE names is not there, or may not be read`, { again: false });
  }
}
