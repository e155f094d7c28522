import type { Page, PageComponent } from "../pages/page.ts";
import type { Question } from "../api.ts";
import { fetchTexts } from "../locales/text.ts";
import { languageOf } from "./language.svelte.ts";
import { matchPath, type Address } from "./address.ts";

/** A page that fits an address, with the parameters of its path. */
export interface Found {
  page: Page;
  parameters: Record<string, string>;
}

// Every `.page.ts` in pages/ is a page: the menu and the addresses follow from what it says of itself.
const all = Object.values(import.meta.glob<Page>("../pages/*.page.ts", { eager: true, import: "page" }));
const components = new Map<Page, PageComponent>();
const asked = new Map<Page, (address: Address) => Question[]>();

/** The pages that readers look for, in the order of the menu; those that are not in it come last. */
export const findable = all
  .flatMap(({ path, menu }) => (menu ? [{ ...menu, path }] : []))
  .sort((a, b) => (a.order ?? 99) - (b.order ?? 99));

/** What the menu shows, in its order. */
export const menu = findable.filter(({ order }) => order);

let last: { path: string; found: Found | null } | undefined;

/** The page of a path; null where there is none. One path is looked for several times in a row. */
export function findPage(path: string): Found | null {
  if (last?.path !== path) last = { path, found: searchPage(path) };
  return last.found;
}

function searchPage(path: string): Found | null {
  for (const page of all) {
    const parameters = matchPath(page.path, path);
    if (parameters) return { page, parameters };
  }
  return null;
}

/** Fetches the texts of a path's page; null where they are there. */
export const fetchTextsOf = ({ path, query }: Address): Promise<unknown> | null =>
  fetchTexts(languageOf(query), findPage(path)?.page.texts);

/** A page's component; undefined until it was fetched. */
export const componentOf = (page: Page): PageComponent | undefined => components.get(page);

/** Fetches the component of a path's page; null where it is there, or where there is no such page. */
export function fetchPage(path: string): Promise<void> | null {
  const page = findPage(path)?.page;
  if (!page || components.has(page)) return null;
  return page.load().then(({ default: component, asks }) => {
    components.set(page, component as PageComponent);
    if (asks) asked.set(page, asks);
  });
}

/** What a page asks at an address, as far as it says so; its code must be there. */
export function questionsOf(address: Address): Question[] {
  const page = findPage(address.path)?.page;
  return (page && asked.get(page)?.(address)) ?? [];
}

/** Fetches all pages: where they are drawn before anyone asks for the next. */
export const fetchAllPages = async (): Promise<void> =>
  void (await Promise.all(all.map(({ path }) => fetchPage(path))));
