import type { Locator, Page } from "playwright-core";

/** How somebody works a page: with the mouse, or by keyboard alone. */
export interface Hands {
  press(what: Locator): Promise<void>;
  /** Writes a text in the place of what stands there. */
  write(field: Locator, text: string): Promise<void>;
  /** Chooses an option of a list by its words. */
  choose(list: Locator, words: string): Promise<void>;
  tick(box: Locator): Promise<void>;
}

export const withMouse = (): Hands => ({
  press: (what) => what.click(),
  async write(field, text) {
    await field.fill(text);
    // What is written counts when its writer goes on.
    await field.blur();
  },
  choose: async (list, words) => void (await list.selectOption({ label: words })),
  tick: (box) => box.click(),
});

/** So often Tab is pressed before a place is said not to be reached. */
const most = 400;

/** Goes to a place as one does without a mouse: with Tab, backwards where it lies before. */
async function tabTo(page: Page, place: Locator): Promise<void> {
  await place.waitFor();
  const isBefore = await place.evaluate((element) => {
    const now = document.activeElement;
    return Boolean(
      now && now !== document.body && now.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING,
    );
  });
  // To find an element by its role and name takes longer than all else: it is found anew only where the page made it anew.
  let element = await place.elementHandle();
  for (let i = 0; i < most; i++) {
    const at = await element!.evaluate((each) =>
      each.isConnected ? (each === document.activeElement ? "there" : "elsewhere") : "gone",
    );
    if (at === "there") return;
    if (at === "gone") element = await place.elementHandle();
    else await page.keyboard.press(isBefore ? "Shift+Tab" : "Tab");
  }
  throw new Error(`${String(place)} is not reached with Tab`);
}

export function byKeyboard(page: Page): Hands {
  return {
    async press(what) {
      await tabTo(page, what);
      await page.keyboard.press("Enter");
    },
    async write(field, text) {
      await tabTo(page, field);
      if ((await field.getAttribute("type")) === "date") {
        const [year, month, day] = text.split("-");
        await page.keyboard.type(`${month}${day}${year}`);
        return;
      }
      await page.keyboard.press("Control+a");
      await page.keyboard.type(text);
      await page.keyboard.press("Tab");
    },
    async choose(list, words) {
      await tabTo(page, list);
      await page.keyboard.type(words);
      const chosen = await list.evaluate((element) =>
        (element as HTMLSelectElement).selectedOptions[0]?.textContent?.trim(),
      );
      if (chosen !== words) throw new Error(`"${chosen}" was chosen, not "${words}"`);
    },
    async tick(box) {
      await tabTo(page, box);
      await page.keyboard.press("Space");
    },
  };
}
