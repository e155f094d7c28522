import type { User } from "../user.ts";

/** Somebody by name, and by what the provider knows them whatever they are called, where that is known. */
export interface Person {
  name: string;
  subject?: string | null | undefined;
}

export const personOf = ({ name, subject }: Pick<User, "name" | "subject">): Person => ({ name, subject });

/** Whether both are one: by what the provider knows them by, and by their names where that is not known of both. Nobody can tell it of people whom two providers know: they may be one. */
export const isSamePerson = (one: Person, other: Person): boolean => {
  if (!one.subject || !other.subject) return folded(one.name) === folded(other.name);
  return isOfAnotherProvider(one, other) || accountOf(one.subject) === accountOf(other.subject);
};

/** Whether another provider knew the one than the other. Before it was kept which one it was, it was the same. */
export function isOfAnotherProvider(one: Person, other: Person): boolean {
  const [before, now] = [one, other].map(({ subject }) => providerOf(subject ?? ""));
  return before !== null && now !== null && before !== now;
}

const providerOf = (subject: string): string | null => (subject.includes(".") ? subject.split(".")[0]! : null);
const accountOf = (subject: string): string => subject.split(".").at(-1)!;

/** A provider may write one name in several ways. */
const folded = (name: string): string => name.normalize("NFKC").toLowerCase().trim();
