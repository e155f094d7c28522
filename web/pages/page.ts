import type { Component } from "svelte";
import type { Question } from "../api.ts";
import type { TextPart } from "../locales/parts.ts";
import type { TextKey } from "../locales/text.ts";
import type { Address } from "../state/address.ts";

/** A page's component; its parameters are those of its path. */
export type PageComponent = Component<{ parameters: Record<string, string> }>;

/** What a file `<Name>.page.ts` says of a page: where it lives, its place in the menu, and how its component is fetched. */
export interface Page {
  /** As `/unit/:unit?`. */
  path: string;
  /** Texts that it needs besides those of every page. */
  texts?: readonly TextPart[];
  /** How it is called and found; without an order it is not in the menu, without all this it is not looked for. */
  menu?: { order?: number; label: TextKey; href: string };
  load: () => Promise<{
    default: PageComponent | Component<Record<string, never>>;
    /** What it asks at an address: with that there, it is drawn at once. */
    asks?: (address: Address) => Question[];
  }>;
}
