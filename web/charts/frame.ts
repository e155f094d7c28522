/** Room around a plot, in pixels. */
export interface Margins {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

/** Room around a trend: the same for all, so that plots beside each other are equally wide. */
export const margins: Margins = { top: 18, right: 88, bottom: 24, left: 44 };
export const compactMargins: Margins = { top: 10, right: 40, bottom: 22, left: 44 };
/** Around units beside each other: below a funnel also what they are counted in, above dots the words of the lines. */
export const funnelMargins: Margins = { top: 18, right: 88, bottom: 62, left: 44 };
export const dotsMargins: Margins = { top: 48, right: 24, bottom: 28, left: 16 };

/** How wide the plot is in a frame of this width. */
export const plotWidthOf = (width: number, { left, right }: Margins): number => Math.max(80, width - left - right);
