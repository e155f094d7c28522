import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { roles, rolesOfUnits, type Role } from "./access.ts";
import type { User } from "./user.ts";

const grant = z
  .strictObject({
    role: z.enum(roles, `is none of ${roles.join(", ")}`),
    units: z.array(z.string().min(1)).default([]),
  })
  .refine(({ role, units }) => rolesOfUnits.includes(role) === units.length > 0, {
    path: ["units"],
    message: "belong to leadership and programme, and only to these; name one at least",
  });

const mappingSchema = z.strictObject({
  /** The claim that names a person: it is kept with what they write and in the log. */
  name: z.string().min(1).default("preferred_username"),
  /** The claim that lists a person's groups. */
  groups: z.string().min(1).default("groups"),
  /** What each group is. */
  roles: z.record(z.string(), grant),
});

/** How the claims of a provider become roles and units. */
export type RoleMapping = z.output<typeof mappingSchema>;

/** The mapping of a file; throws with all that is wrong with it. */
export function readMapping(file: string): RoleMapping {
  let found: unknown;
  try {
    found = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message.split("\n")[0]}`, { cause: error });
  }
  const result = mappingSchema.safeParse(found);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => `${path.join(".") || "the file"}: ${message}`);
  throw new Error(`${file}: ${faults.join("; ")}`);
}

/** Who somebody is by their claims; null where no group of theirs is known here. */
export function userOf(claims: Record<string, unknown>, mapping: RoleMapping): User | null {
  const given = claims[mapping.groups];
  const groups = (Array.isArray(given) ? given : [given]).filter((each): each is string => typeof each === "string");
  const grants = groups.flatMap((group) => (Object.hasOwn(mapping.roles, group) ? [mapping.roles[group]!] : []));
  const name = claims[mapping.name] ?? claims.sub;
  if (grants.length === 0 || typeof name !== "string" || name === "") return null;
  const held = new Set<Role>(grants.map(({ role }) => role));
  // The units of a user hold for each of their roles: whoever leads one unit and works for another's programme does not lead that.
  if (held.has("leadership")) held.delete("programme");
  const units = grants.filter(({ role }) => held.has(role)).flatMap((each) => each.units);
  const { iss, sub } = claims;
  const known = typeof sub === "string" && sub !== "" ? { subject: subjectOf(iss, sub) } : {};
  return { name, roles: roles.filter((role) => held.has(role)), units: [...new Set(units)].sort(), ...known };
}

/** Names may be shared and may change, this does neither, at one provider: which one stands before it. Hashes: at some providers it is a number of staff, or an address. */
const subjectOf = (iss: unknown, sub: string): string =>
  typeof iss === "string" ? `${hashOf(iss).slice(0, 12)}.${hashOf(sub)}` : hashOf(sub);
const hashOf = (text: string): string => createHash("sha256").update(text).digest("base64url");
