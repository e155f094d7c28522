import type { User } from "../user.ts";

/** Somebody by name, and by what the provider knows them whatever they are called, where that is known. */
export interface Person {
  name: string;
  subject?: string | null | undefined;
}

export const personOf = ({ name, subject }: Pick<User, "name" | "subject">): Person => ({ name, subject });

/** Whether both are one: by what the provider knows them by, and by their names where that is not known of both. */
export const isSamePerson = (one: Person, other: Person): boolean =>
  one.subject && other.subject ? one.subject === other.subject : folded(one.name) === folded(other.name);

/** A provider may write one name in several ways. */
const folded = (name: string): string => name.normalize("NFKC").toLowerCase().trim();
