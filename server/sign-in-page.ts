import { roles, rolesOfUnits } from "./access.ts";
import { namedRole } from "./persona.ts";
import { wordsIn } from "./report/words.ts";
import type { User } from "./user.ts";

/** What the page says, and of which units somebody may be. */
export interface SignInPage {
  /** Where to go afterwards. */
  next: string;
  language: "nl" | "en";
  units: readonly { unit_id: string; name: string }[];
}

/** The page on which people choose who they are, where nobody signs in for real; in the built page's clothes where that is there. */
export function signInPage(shell: string | null, { next, language, units }: SignInPage): string {
  const { say } = wordsIn(language);
  const choice = (value: string, label: string, required = "") =>
    `<p><label><input type="radio" name="persona" value="${escaped(value)}"${required}> ${escaped(label)}</label></p>`;
  const ownName = `<p class="own-name"><label>${escaped(say("signIn.name"))} <input name="name" maxlength="20" pattern="[A-Za-z0-9]*" autocomplete="off" aria-describedby="own-name"></label>
    <small id="own-name">${escaped(say("signIn.nameHelp"))}</small></p>`;
  const free = roles
    .filter((role) => !rolesOfUnits.includes(role))
    .map((role) => choice(role, say(`signIn.role.${role}`), " required") + (role === namedRole ? ownName : ""));
  const bound = rolesOfUnits.map((role) => {
    const each = units.map(({ unit_id, name }) => choice(`${role}:${unit_id}`, name, " required"));
    return `<details><summary>${escaped(say(`signIn.role.${role}`))}</summary>${each.join("")}</details>`;
  });
  const main = `<main id="inhoud" class="sign-in"><h1>${escaped(say("signIn.title"))}</h1>
    <p>${escaped(say("signIn.help"))}</p>
    <form method="post" action="/api/v1/session"><input type="hidden" name="next" value="${escaped(next)}">
    <fieldset><legend>${escaped(say("signIn.who"))}</legend>${[...free, ...bound].join("")}</fieldset>
    <p><button type="submit">${escaped(say("signIn.go"))}</button></p></form></main>`;
  return dressed(shell, language, `${say("signIn.title")} · ${say("app.name")}`, main);
}

/** The page in place of one that does not belong to somebody's role. */
export function deniedPage(shell: string | null, language: "nl" | "en", { personas }: { personas: boolean }): string {
  const { say } = wordsIn(language);
  const change = personas
    ? `<p><a href="/sign-in${language === "en" ? "?lang=en" : ""}">${escaped(say("signIn.change"))}</a></p>`
    : "";
  const main = `<main id="inhoud" class="sign-in"><h1>${escaped(say("signIn.denied"))}</h1><p>${escaped(say("signIn.deniedHelp"))}</p>
    <p><a href="/">${escaped(say("signIn.toOverview"))}</a></p>${change}</main>`;
  return dressed(shell, language, `${say("signIn.denied")} · ${say("app.name")}`, main);
}

/** The page with one message, and the way in. */
export function messagePage(shell: string | null, language: "nl" | "en", key: string): string {
  const { say } = wordsIn(language);
  const main = `<main id="inhoud" class="sign-in"><h1>${escaped(say("app.name"))}</h1><p>${escaped(say(key))}</p>
    <p><a href="/sign-in">${escaped(say("signIn.again"))}</a></p></main>`;
  return dressed(shell, language, say("app.name"), main);
}

/** The page on which somebody sees who they are, and signs out. */
export function accountPage(shell: string | null, language: "nl" | "en", { name, roles, units }: User): string {
  const { say } = wordsIn(language);
  const known = roles.map((role) => `<li>${escaped(say(`signIn.role.${role}`))}</li>`).join("");
  const of = units.length > 0 ? `<p>${escaped(units.join(", "))}</p>` : "";
  const main = `<main id="inhoud" class="sign-in"><h1>${escaped(say("signIn.account"))}</h1><p>${escaped(name)}</p><ul>${known}</ul>${of}
    <form method="post" action="/sign-out"><p><button type="submit">${escaped(say("signIn.signOut"))}</button></p></form>
    <p><a href="/">${escaped(say("signIn.toOverview"))}</a></p></main>`;
  return dressed(shell, language, `${say("signIn.account")} · ${say("app.name")}`, main);
}

function dressed(shell: string | null, language: "nl" | "en", title: string, main: string): string {
  const empty =
    shell ?? `<!doctype html><html lang="nl"><head><meta charset="utf-8"><title></title></head><body></body></html>`;
  return empty
    .replace(/<script\b[^>]*><\/script>|<link rel="modulepreload"[^>]*>|<noscript[\s\S]*?<\/noscript\s*>/g, "")
    .replace(/<html [^>]*>/, () => `<html lang="${language}">`)
    .replace(/<title>.*?<\/title>/s, () => `<title>${escaped(title)}</title>`)
    .replace(/<body>[\s\S]*<\/body>/, () => `<body>${main}</body>`);
}

const signs: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
/** As it stands in HTML, between tags or in quotes. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => signs[sign]!);
