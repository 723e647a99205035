// kept-together: content in which headings stand with what they are about. Two ways, for pdfmake knows the place of whole
// parts, but not of what is within one that is moved as a whole: before such a part headings become part of it; before any
// other a heading that is the last on its sheet begins the next. Invariant: nothing is left out, and the order stays.
import type { Content, ContentText, Node, NodeQueries } from 'pdfmake/interfaces.js';
import { SHEET } from './look.ts';

/** Style of what stands above and below every sheet, which pdfmake counts among what follows. */
export const EDGE = 'edge';

/** Room that headings and the first row of a table are given, in points. */
const HEADING_HEIGHT = 34;
const ROW_HEIGHT = 45;

/** Makes headings (what has a `headlineLevel`) part of the whole that follows them. */
export function keptTogether(content: readonly Content[]): Content[] {
  const made: Content[] = [];
  let headings: Content[] = [];
  for (const part of content) {
    if (hasKey(part, 'headlineLevel')) {
      headings.push(part);
      continue;
    }
    if (hasKey(part, 'unbreakable') && headings.length > 0)
      made.push({ stack: [...headings.map(asPart), part], unbreakable: true });
    else made.push(...headings, part);
    headings = [];
  }
  return [...made, ...headings];
}

/** Tells whether a heading stands alone at the end of a sheet, or so low that the first row of a table may not follow. */
export function isLeftAlone(
  { headlineLevel, startPosition }: Node,
  { getFollowingNodesOnPage }: NodeQueries,
): boolean {
  if (headlineLevel === undefined) return false;
  const following = getFollowingNodesOnPage().filter(({ style }) => style !== EDGE);
  const other = following.findIndex(node => node.headlineLevel === undefined);
  if (other === -1) return true;
  const { top, pageInnerHeight } = startPosition;
  return top - SHEET.margins[1] > pageInnerHeight - (other + 1) * HEADING_HEIGHT - ROW_HEIGHT;
}

/** Within a whole nothing may begin a sheet. */
function asPart(heading: Content): Content {
  return { ...(heading as ContentText), headlineLevel: undefined };
}

function hasKey(part: Content, key: 'headlineLevel' | 'unbreakable'): boolean {
  return typeof part === 'object' && !Array.isArray(part) && key in part;
}
