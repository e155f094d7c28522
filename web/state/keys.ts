/** Whether a key pressed there writes or chooses something, so that it is no shortcut. */
export function takesKeys(target: EventTarget | null): boolean {
  const element = target as (Element & { isContentEditable?: boolean }) | null;
  if (!element?.closest) return false;
  return (
    Boolean(element.isContentEditable) || element.closest("input, textarea, select, [contenteditable='true']") !== null
  );
}

/** Whether a key asks for the search: Ctrl+K, or `/` where single keys are on and the reader does not write. */
export function asksToFind(event: KeyboardEvent, singleKeys: boolean): boolean {
  if (event.defaultPrevented || event.isComposing || event.altKey) return false;
  if (event.ctrlKey || event.metaKey) return event.key.toLowerCase() === "k" && !event.shiftKey;
  return event.key === "/" && singleKeys && !takesKeys(event.target);
}
