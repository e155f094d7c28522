import { fetchTexts, hasText } from "../locales/text.ts";
import { language, say } from "./language.svelte.ts";

/** What words mean: their texts come when a reader first asks for one. */
class Explanations {
  #turn = $state(0);

  /** The meaning of a term; empty while it is under way. */
  of(term: string): string {
    void this.#turn;
    const key = `term.${term}.text`;
    return hasText(key, language.current) ? say(key) : "";
  }

  fetch(): void {
    void fetchTexts(language.current, ["explanations"])?.then(() => (this.#turn += 1));
  }
}

export const explanations = new Explanations();
