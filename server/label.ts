import { rolesOfUnits, type Role } from "./access.ts";
import type { Catalogue } from "./catalogue.ts";
import { namedRole, nameInRole } from "./persona.ts";
import { wordsIn } from "./report/words.ts";
import type { User } from "./user.ts";

/** Stands in a page that is made for all who see the same, where each is called by name; no text of people has it. */
export const labelMark = "\uE000\uE001";

/** What the header calls somebody: their name, or what they chose to be. Plain text. */
export function labelOf(
  { name, roles, units }: User,
  language: "nl" | "en",
  { personas, catalogue }: { personas: boolean; catalogue: Pick<Catalogue, "units"> },
): string {
  if (!personas) return name;
  const { say } = wordsIn(language);
  const names = units.map((id) => catalogue.units.get(id)?.at(-1)?.name ?? id);
  const own = nameInRole(name);
  const known = roles.map((role) => {
    if (rolesOfUnits.includes(role as Role)) return say(`signIn.label.${role}`, { units: names.join(", ") });
    const said = say(`signIn.role.${role}`);
    return role === namedRole && own ? say("signIn.label.named", { role: said, name: own }) : said;
  });
  return say("signIn.as", { who: known.join(", ") });
}
