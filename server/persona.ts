import { roles, rolesOfUnits, type Role } from "./access.ts";
import { Problem, shown } from "./problem.ts";
import type { User } from "./user.ts";

/** Of this role there are several, by name: what one of them writes another approves. */
export const namedRole = "control" satisfies Role;
const shortName = /^[a-z0-9]{1,20}$/;

/** What somebody is called among several of the role; null where they are not. */
export const nameInRole = (name: string): string | null => {
  const [role, own] = name.split(":");
  return role === namedRole && own !== undefined && shortName.test(own) ? own : null;
};

/** Somebody to look at the monitor as, where nobody signs in for real: `control`, one of several as `control:anna`, or with a unit `leadership:den-haag`. Throws 400 for another text, 404 for a unit that there is not. */
export function personaOf(text: string, units: ReadonlyMap<string, unknown>): User {
  const [role = "", unit, more] = text.split(":");
  if (more === undefined && nameInRole(text) !== null) return { name: text, roles: [role], units: [] };
  const ofUnit = rolesOfUnits.includes(role as Role);
  if (!roles.includes(role as Role) || more !== undefined || (unit !== undefined) !== ofUnit)
    throw new Problem(400, `persona: there is no ${shown(text)}; choose of ${choices.join(", ")}`, {
      code: "no-persona",
    });
  if (unit === undefined) return { name: text, roles: [role], units: [] };
  if (!units.has(unit)) throw new Problem(404, `no unit ${shown(unit)}`, { code: "unknown-unit" });
  return { name: text, roles: [role], units: [unit] };
}

const choices = roles.flatMap((role) => {
  if (rolesOfUnits.includes(role)) return [`${role}:<unit_id>`];
  return role === namedRole ? [role, `${role}:<name>`] : [role];
});
