import { mount } from "svelte";
import App from "./App.svelte";
import { ahead, watchLinks } from "./state/ahead.ts";
import { Deeds } from "./state/deeds.ts";
import { drawings } from "./state/drawings.ts";
import { explanations } from "./state/explanations.svelte.ts";
import { asksToFind } from "./state/keys.ts";
import { monitor } from "./state/monitor.svelte.ts";
import { needsOf, prepare } from "./state/needs.ts";
import { fetchPage, fetchTextsOf } from "./state/pages.ts";
import { router } from "./state/router.svelte.ts";
import { sent } from "./state/sent.ts";
import { sources } from "./state/sources.svelte.ts";
import { underway } from "./state/underway.ts";
import "./fonts.css";
import "./style.css";

/** Whether a key asked for the search before the page could open it. */
class Calls {
  #find = false;
  readonly #onkeydown = (event: KeyboardEvent) => {
    if (!asksToFind(event, router.choice("keys") !== "off")) return;
    event.preventDefault();
    this.#find = true;
  };

  constructor() {
    addEventListener("keydown", this.#onkeydown);
  }

  /** Opens the search where it was asked for. */
  finish(): void {
    removeEventListener("keydown", this.#onkeydown);
    if (this.#find) dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true }));
  }
}

/** The page as the server made it stays until this one has all that it shows; not longer than so many milliseconds. */
const longest = 8000;

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no element #app");
void begin(target);

async function begin(made: HTMLElement): Promise<void> {
  const calls = new Calls();
  const deeds = new Deeds(made);
  const known = Promise.all([monitor.load(), sources.refresh()]);
  await Promise.all([fetchTextsOf(router.address), fetchPage(router.path)]);
  router.needs = needsOf;
  ahead.prepare = prepare;
  watchLinks(document);
  if (made.childElementCount === 0) {
    mount(App, { target: made });
    made.dataset.alive = "true";
    return calls.finish();
  }
  const fresh = document.createElement("div");
  drawings.collect(made);
  sent.collect(made);
  explanations.collect(made);
  mount(App, { target: fresh });
  await Promise.race([ready(known), new Promise((resolve) => setTimeout(resolve, longest))]);
  takePlace(made, fresh, deeds);
  calls.finish();
  drawings.forget();
  sent.forget();
}

/** When what every page needs is there, and then what this page asks. */
async function ready(known: Promise<unknown>): Promise<void> {
  await known;
  // The page's components ask as they start.
  await new Promise((resolve) => setTimeout(resolve));
  await underway.done();
  await new Promise((resolve) => setTimeout(resolve));
}

/** Puts the page that is alive where the other was. */
function takePlace(made: HTMLElement, fresh: HTMLElement, deeds: Deeds): void {
  fresh.id = made.id;
  fresh.dataset.alive = "true";
  deeds.repeat(fresh, () => made.replaceWith(fresh));
}
