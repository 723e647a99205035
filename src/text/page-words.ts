// The few words that every form of a page says by itself.
const en = {
  hidden: 'hidden',
  notTold: '–',
  nothing: 'Nothing to show',
  signatures: { head: ['Signed by', 'Duty', 'Time', 'Signature'], missing: 'not signed' },
  /** Says which page of how many this is. */
  page: (page: number, pages: number) => `Page ${page} of ${pages}`,
  content: 'Content',
};

const sv: typeof en = {
  hidden: 'dold',
  notTold: '–',
  nothing: 'Inget att visa',
  signatures: { head: ['Undertecknat av', 'Uppgift', 'Tid', 'Underskrift'], missing: 'inte undertecknat' },
  page: (page, pages) => `Sida ${page} av ${pages}`,
  content: 'Innehåll',
};

export const PAGE_TEXT = { en, sv };
