import { lastingQuery, patchQuery, readAddress, writeAddress, type Address, type Patch } from "./address.ts";

/** The address bar as state: every choice of the reader lives here, so back, reload and a second tab work. */
class Router {
  #address = $state.raw<Address>(readAddress(import.meta.env.SSR ? "/" : location.href));
  #lang = $state.raw(this.#address.query.lang);
  readonly #path = $derived(this.#address.path);
  /** The choices that go along to another page: links are not made anew where others changed. */
  readonly #lastingText = $derived(JSON.stringify(lastingQuery(this.#address.query)));
  readonly #lasting = $derived(JSON.parse(this.#lastingText) as Address["query"]);
  readonly #lastingSearch = $derived(writeAddress({ path: "", query: this.#lasting }));
  /** What an address needs before it can be shown, such as the page's code; null where all is there. */
  needs: (address: Address) => Promise<unknown> | null = () => null;
  /** Whether what the next address needs is under way: the page before it stays until then. */
  turning = $state(false);
  #turn = 0;

  constructor() {
    if (import.meta.env.SSR) return;
    addEventListener("popstate", () => {
      const address = readAddress(location.href);
      this.#when(address, location.href, () => this.#turnTo(address));
    });
    document.addEventListener("click", (event) => this.#follow(event));
  }

  get address(): Address {
    return this.#address;
  }

  get path(): string {
    return this.#path;
  }

  get query(): Address["query"] {
    return this.#address.query;
  }

  /** The language that was chosen, by itself: all texts of a page depend on it, and are not looked at where another choice changed. */
  get lang(): string | undefined {
    return this.#lang;
  }

  /** A choice from the address; null where the reader made none. */
  choice(name: string): string | null {
    return this.#address.query[name] ?? null;
  }

  /** A link to another page: language, theme, grain and period go along. */
  to(path: string, patch?: Patch): string {
    return patch ? writeAddress({ path, query: patchQuery(this.#lasting, patch) }) : path + this.#lastingSearch;
  }

  /** A link to this page with other choices. */
  here(patch: Patch): string {
    return writeAddress({ path: this.#path, query: patchQuery(this.#address.query, patch) });
  }

  /** Where the server makes a page for. */
  visit(href: string): void {
    this.#turnTo(readAddress(href));
  }

  #turnTo(address: Address): void {
    this.#address = address;
    this.#lang = address.query.lang;
  }

  go(href: string, fromTop = false): void {
    const address = readAddress(href);
    this.#when(address, href, () => {
      history.pushState(null, "", href);
      this.#turnTo(address);
      if (fromTop) scrollTo(0, 0);
    });
  }

  /**
   * Turns to an address at once, or when what it needs was fetched; where that cannot be had, the server makes the page
   * anew. Of several addresses under way only the last counts.
   */
  #when(address: Address, href: string, turn: () => void): void {
    const own = ++this.#turn;
    const needs = this.needs(address);
    this.turning = needs !== null;
    if (!needs) return turn();
    needs.then(
      () => {
        if (own !== this.#turn) return;
        this.turning = false;
        turn();
      },
      () => own === this.#turn && location.assign(href),
    );
  }

  /** Changes choices on this page. */
  choose(patch: Patch): void {
    const href = this.here(patch);
    if (href !== writeAddress(this.#address)) this.go(href);
  }

  /** Changes choices in place: what a reader slides through needs no way back to each step. */
  adjust(patch: Patch): void {
    const href = this.here(patch);
    if (href === writeAddress(this.#address)) return;
    history.replaceState(null, "", href);
    this.#turnTo(readAddress(href));
  }

  #follow(event: MouseEvent): void {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const link = (event.target as Element | null)?.closest?.("a");
    if (
      !link ||
      link.target ||
      link.rel === "external" ||
      link.hasAttribute("download") ||
      link.origin !== location.origin
    )
      return;
    const href = link.getAttribute("href") ?? "";
    if (href.startsWith("#") || link.pathname.startsWith("/api/")) return;
    event.preventDefault();
    // A link may open another section in place of this one: `data-turn`.
    const other = link.pathname !== location.pathname || link.dataset.turn !== undefined;
    this.go(link.href, other);
  }
}

export const router = new Router();
