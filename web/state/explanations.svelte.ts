import { fetchTexts, giveTexts, hasText } from "../locales/text.ts";
import { language, say } from "./language.svelte.ts";

const keyOf = (term: string): string => `term.${term}.text`;

/** What words mean: the page that the server made has the texts of its own; others come when a reader asks, or when the browser has nothing to do. */
class Explanations {
  #turn = $state(0);
  #later = false;

  /** The meaning of a term; empty while it is under way. */
  of(term: string): string {
    void this.#turn;
    const key = keyOf(term);
    return hasText(key, language.current) ? say(key) : "";
  }

  fetch(): void {
    void fetchTexts(language.current, ["explanations"])?.then(() => (this.#turn += 1));
  }

  /** Fetches them once the page has come to rest. */
  fetchLater(): void {
    if (this.#later) return;
    this.#later = true;
    whenIdle(() => {
      this.#later = false;
      this.fetch();
    });
  }

  /** Takes over the texts of a page that the server made, in its language. */
  collect(page: ParentNode): void {
    const texts = [...page.querySelectorAll<HTMLElement>("[data-term]")].map(({ dataset, textContent }) => [
      keyOf(dataset.term!),
      textContent,
    ]);
    giveTexts(language.current, Object.fromEntries(texts) as Record<string, string>);
  }
}

function whenIdle(then: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(then, { timeout: 5000 });
  else setTimeout(then, 1000);
}

export const explanations = new Explanations();
