/** A box in the window, in pixels from its left and top. */
export interface Box {
  left: number;
  top: number;
  bottom: number;
}

/** The window: its size, and how far the page is scrolled in it. */
export interface View {
  width: number;
  height: number;
  scrollX: number;
  scrollY: number;
}

/** Where a card begins, in pixels from the left of the page, and from its top or from the foot of its first window. */
export interface Place {
  left: number;
  top: number | null;
  bottom: number | null;
}

const gap = 6;
const edge = 8;

/** A card of at most this size under a box, or over it where only there is room; never beyond the sides of the window. */
export function placeCard(box: Box, view: View, card: { width: number; height: number }): Place {
  const left = Math.max(edge, Math.min(box.left, view.width - card.width - edge)) + view.scrollX;
  const over = box.bottom + gap + card.height > view.height && box.top - gap - card.height >= 0;
  return over
    ? { left, top: null, bottom: view.height - box.top + gap - view.scrollY }
    : { left, top: box.bottom + gap + view.scrollY, bottom: null };
}
