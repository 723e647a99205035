// Words of what was delivered: the index of a folder, English and Swedish.
import type { DeliveryIndex } from '../model/delivery.ts';

const en = {
  title: (v: { report: string; month: string }) => `${v.report} ${v.month}: what was delivered`,
  reports: { hr: 'Report to heads of administration', statistics: 'Statistics' } satisfies Record<
    DeliveryIndex['report'],
    string
  >,
  lead: (v: { delivery: string }) =>
    `Delivery ${v.delivery}. Each department's folder holds that department's own report and nothing else.`,
  banner: (v: { failed: string }) => `Not delivered: ${v.failed}. See the last section.`,
  files: 'Delivered',
  filesHead: ['Department', 'File', 'Issue', 'Delivered', 'SHA-256 of the file'],
  whole: 'The whole organization',
  none: 'Nothing has been delivered yet.',
  failed: 'Not delivered',
  failedHead: ['Department', 'Form', 'Why', 'Tried last'],
  failedMore: 'It is tried again by itself. What was delivered before stays as it is.',
  verify: 'How a file is verified',
  verifyMore: [
    'The SHA-256 of a file is that of its bytes: `sha256sum FILE` gives the same digits, here with blanks between them, where the file is as it was delivered.',
    'The number of the issue tells which figures they are. A correction is a new number in a new file; the earlier one stays.',
  ],
  foot: 'Times are UTC. index.json holds the same as data.',
};

const sv: typeof en = {
  title: v => `${v.report} ${v.month}: vad som har levererats`,
  reports: { hr: 'Rapport till förvaltningschefer', statistics: 'Statistik' },
  lead: v => `Leverans ${v.delivery}. I varje avdelnings mapp ligger bara den avdelningens egen rapport.`,
  banner: v => `Inte levererat: ${v.failed}. Se sista avsnittet.`,
  files: 'Levererat',
  filesHead: ['Avdelning', 'Fil', 'Utgåva', 'Levererad', 'Filens SHA-256'],
  whole: 'Hela organisationen',
  none: 'Ingenting har levererats än.',
  failed: 'Inte levererat',
  failedHead: ['Avdelning', 'Format', 'Varför', 'Senaste försöket'],
  failedMore: 'Ett nytt försök görs automatiskt. Det som redan har levererats ligger kvar oförändrat.',
  verify: 'Så kontrolleras en fil',
  verifyMore: [
    'En fils SHA-256 räknas på dess byte: `sha256sum FIL` ger samma tecken, här med mellanrum, om filen är oförändrad sedan leveransen.',
    'Utgåvans nummer visar vilka siffror det är. En rättelse får ett nytt nummer i en ny fil; den tidigare ligger kvar.',
  ],
  foot: 'Tiderna är i UTC. index.json innehåller samma uppgifter som data.',
};

/** Words of what was delivered, by language. */
export const DELIVERY_TEXT = { en, sv };
