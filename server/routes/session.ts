import { z } from "zod";
import { pagesOf, rightsOf } from "../access.ts";
import { readForm, readJson } from "../body.ts";
import { checkContentType } from "../guard.ts";
import { namedRole, personaOf } from "../persona.ts";
import { Problem } from "../problem.ts";
import type { Route, Signing } from "../route.ts";
import type { User } from "../user.ts";

const nothing = z.strictObject({});
const persona = z.strictObject({
  persona: z
    .string({ error: "is missing; name who to be, as control" })
    .max(300, "is longer than 300 characters")
    .meta({
      description: "control, control:<name>, hrm, portfolio, admin, leadership:<unit_id> or programme:<unit_id>",
    }),
});
/** As a form of a page sends it: where to go afterwards too. */
const form = persona.extend({
  next: z.string().max(4000).default("/"),
  /** Who of several they are, for the role that has names. */
  name: z.string().max(300, "is longer than 300 characters").default(""),
});

/** Who it is, and what they may: rights by their names, pages by the first parts of their addresses. */
export const whoIs = ({ name, roles, units }: User) => ({ name, roles, units });
export const accessOf = (user: User) => ({ rights: rightsOf(user), pages: pagesOf(user) });
export const whoShape = z.object({ name: z.string(), roles: z.array(z.string()), units: z.array(z.string()) });
export const accessShape = z.object({
  rights: z.array(z.string()).meta({ description: "What they may do, by the table of rights" }),
  pages: z.array(z.string()).meta({ description: "First parts of the addresses of the pages that they may open" }),
});

const isForm = ({ request }: Signing): boolean =>
  /^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.headers["content-type"] ?? "");

async function signIn(signing: Signing): Promise<null> {
  const { request, response, gate, snapshots } = signing;
  if (!gate.personas)
    throw new Problem(403, "people sign in with their own account here, at /sign-in; there are no personas", {
      code: "no-personas",
    });
  const asForm = isForm(signing);
  if (!asForm) checkContentType(request, "application/json");
  const { persona: asked, next } = asForm
    ? named(await readForm(request, form))
    : { ...(await readJson(request, persona)), next: null };
  const units = await snapshots.use(undefined, async ({ catalogue }) => catalogue.units);
  await gate.signIn(request, response, personaOf(asked, units));
  if (next !== null) response.status(303).setHeader("Location", placeOf(next));
  return null;
}

/** As people write a name: capitals and spaces around it are none of it. */
function named({ persona, name, next }: z.output<typeof form>): { persona: string; next: string } {
  const own = name.trim().toLowerCase();
  return { persona: persona === namedRole && own !== "" ? `${persona}:${own}` : persona, next };
}

/** An address of this server's own, as an address bar has it; the first page where it is none. A browser reads a backslash as a slash. */
export const placeOf = (next: string): string =>
  /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(next) && !next.startsWith("/api/") ? next : "/";

export default [
  {
    answers: "session",
    method: "get",
    path: "/session",
    summary: "Who is signed in, and what they may",
    query: nothing,
    body: null,
    schema: z.object({ user: whoShape, access: accessShape }),
    async answer({ user }) {
      if (!user) throw new Problem(401, "nobody is signed in", { code: "no-session" });
      return { user: whoIs(user), access: accessOf(user) };
    },
  },
  {
    answers: "session",
    method: "post",
    path: "/session",
    summary: "Signs in as a persona, where nobody signs in for real",
    query: nothing,
    body: { contentType: "application/json", schema: persona },
    schema: null,
    answer: signIn,
  },
  {
    answers: "session",
    method: "delete",
    path: "/session",
    summary: "Signs out: the session ends, whoever has its cookie",
    query: nothing,
    body: null,
    schema: null,
    async answer({ request, response, gate }) {
      await gate.signOut(request, response);
      return null;
    },
  },
] satisfies Route[];
