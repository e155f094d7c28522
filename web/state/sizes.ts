const told = new WeakMap<Element, () => void>();
let observer: ResizeObserver | null = null;

/**
 * Calls when an element has its size and each time that it has another, with others that have theirs in the same frame:
 * what follows from sizes is done after all of them were read, or the browser would lay out the page anew for each. To be
 * used as an action.
 */
export function watchSize(element: Element, then: () => void): { destroy(): void } {
  observer ??= new ResizeObserver((entries) => {
    for (const { target } of entries) told.get(target)?.();
  });
  told.set(element, then);
  observer.observe(element);
  return { destroy: () => observer!.unobserve(element) };
}
